// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

/**
 * A hub that knows the code, as the phone has seen it. Only {@link Spake2Prover#finish} makes one.
 */
public final class Spake2Confirmed {
  private final byte[] confirmP;
  private final PairingKeys keys;

  Spake2Confirmed(byte[] confirmP, PairingKeys keys) {
    this.confirmP = confirmP;
    this.keys = keys;
  }

  /** What the phone shows in its turn, for {@link PairingAttempt#request(byte[])}; 32 bytes. */
  public byte[] confirmP() {
    return confirmP.clone();
  }

  /** The keys of this pairing, always the same object, which the caller closes. */
  public PairingKeys keys() {
    return keys;
  }
}
