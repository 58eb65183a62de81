// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

/**
 * A phone to which a hub with the secret gave a certificate for its key, over this connection. Only
 * {@link PairingAttempt#verify} makes one. The hub keeps the phone once it has confirmed.
 */
public final class PairedPhone {
  private final PairingGrant grant;

  PairedPhone(PairingGrant grant) {
    this.grant = grant;
  }

  /** What the hub gave. */
  public PairingGrant grant() {
    return grant;
  }
}
