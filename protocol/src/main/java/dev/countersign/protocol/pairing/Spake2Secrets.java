// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.SecretAccess;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * What a code becomes (RFC 9383 §3.2): two scalars. Immutable; the numbers are in memory until they
 * are collected, since Java cannot overwrite a BigInteger.
 */
final class Spake2Secrets {
  /** scrypt (RFC 7914) with 32 MiB: some hundred milliseconds on a phone. */
  private static final int COST = 32_768;

  private static final int BLOCK_SIZE = 8;
  private static final int PARALLELIZATION = 1;

  /** RFC 9383 §4: 64 bits more than the order, so that the rest after division is uniform. */
  private static final int HALF_BYTES = 40;

  private final BigInteger w0;
  private final BigInteger w1;

  Spake2Secrets(BigInteger w0, BigInteger w1) {
    this.w0 = w0;
    this.w1 = w1;
  }

  static Spake2Secrets of(ManualCode code, HubId hub, Spake2Parties parties) {
    var input = new ByteArrayOutputStream();
    Spake2Parties.append(input, code.digits(SecretAccess.insecure()).getBytes(US_ASCII));
    Spake2Parties.append(input, parties.prover());
    Spake2Parties.append(input, parties.verifier());
    byte[] output =
        SCrypt.generate(
            input.toByteArray(), hub.bytes(), COST, BLOCK_SIZE, PARALLELIZATION, 2 * HALF_BYTES);
    try {
      return new Spake2Secrets(
          scalar(Arrays.copyOf(output, HALF_BYTES)),
          scalar(Arrays.copyOfRange(output, HALF_BYTES, 2 * HALF_BYTES)));
    } finally {
      Arrays.fill(output, (byte) 0);
    }
  }

  private static BigInteger scalar(byte[] half) {
    try {
      return new BigInteger(1, half).mod(Spake2Group.ORDER);
    } finally {
      Arrays.fill(half, (byte) 0);
    }
  }

  BigInteger w0() {
    return w0;
  }

  BigInteger w1() {
    return w1;
  }

  @Override
  public String toString() {
    return "Spake2Secrets[hidden]";
  }
}
