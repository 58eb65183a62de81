// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.Hkdf;
import dev.countersign.protocol.keys.Hmac;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;

/**
 * What both sides saw, and the keys that come of it (RFC 9383 §3.3, §3.4). {@link #close}
 * overwrites the keys.
 */
final class Spake2Transcript implements AutoCloseable {
  static final int KEY_BYTES = 32;

  private static final byte[] CONFIRMATION = "ConfirmationKeys".getBytes(US_ASCII);
  private static final byte[] SHARED = "SharedKey".getBytes(US_ASCII);

  private final byte[] shareP;
  private final byte[] shareV;
  private final byte[] main;
  private final byte[] confirmationKeys;

  private Spake2Transcript(byte[] shareP, byte[] shareV, byte[] main) {
    this.shareP = shareP;
    this.shareV = shareV;
    this.main = main;
    this.confirmationKeys = Hkdf.derive(new byte[0], main, CONFIRMATION, 2 * KEY_BYTES);
  }

  /**
   * The transcript of one run.
   *
   * @param z not the identity
   * @param v not the identity
   */
  static Spake2Transcript of(
      Spake2Parties parties, Spake2Shares shares, ECPoint z, ECPoint v, BigInteger w0) {
    var out = new ByteArrayOutputStream();
    Spake2Parties.append(out, parties.context());
    Spake2Parties.append(out, parties.prover());
    Spake2Parties.append(out, parties.verifier());
    Spake2Parties.append(out, Spake2Group.encode(Spake2Group.M));
    Spake2Parties.append(out, Spake2Group.encode(Spake2Group.N));
    Spake2Parties.append(out, shares.prover());
    Spake2Parties.append(out, shares.verifier());
    Spake2Parties.append(out, Spake2Group.encode(z));
    Spake2Parties.append(out, Spake2Group.encode(v));
    Spake2Parties.append(out, Spake2Group.encode(w0));
    byte[] bytes = out.toByteArray();
    byte[] main = Sha256.of(bytes).bytes();
    Arrays.fill(bytes, (byte) 0);
    return new Spake2Transcript(shares.prover(), shares.verifier(), main);
  }

  byte[] shareV() {
    return shareV.clone();
  }

  /** {@code K_main}. */
  byte[] main() {
    return main.clone();
  }

  /** What the prover shows. */
  byte[] confirmP() {
    return confirm(0, shareV);
  }

  /** What the verifier shows. */
  byte[] confirmV() {
    return confirm(KEY_BYTES, shareP);
  }

  private byte[] confirm(int from, byte[] share) {
    byte[] key = Arrays.copyOfRange(confirmationKeys, from, from + KEY_BYTES);
    try {
      return Hmac.sha256(key, share);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** {@code K_shared}; the caller overwrites it. */
  byte[] shared() {
    return Hkdf.derive(new byte[0], main, SHARED, KEY_BYTES);
  }

  @Override
  public void close() {
    Arrays.fill(main, (byte) 0);
    Arrays.fill(confirmationKeys, (byte) 0);
  }

  @Override
  public String toString() {
    return "Spake2Transcript[hidden]";
  }
}
