// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/** HKDF with SHA-256 (RFC 5869). The caller zeroes what it gives and gets. */
public final class Hkdf {
  private Hkdf() {}

  /** RFC 5869 §2.2. */
  public static byte[] extract(byte[] salt, byte[] inputKey) {
    return new HKDFBytesGenerator(new SHA256Digest()).extractPRK(salt, inputKey);
  }

  /** RFC 5869 §2.3. */
  public static byte[] expand(byte[] pseudorandomKey, byte[] info, int bytes) {
    return generate(HKDFParameters.skipExtractParameters(pseudorandomKey, info), bytes);
  }

  /** Both steps. */
  public static byte[] derive(byte[] salt, byte[] inputKey, byte[] info, int bytes) {
    byte[] pseudorandomKey = extract(salt, inputKey);
    try {
      return expand(pseudorandomKey, info, bytes);
    } finally {
      Arrays.fill(pseudorandomKey, (byte) 0);
    }
  }

  private static byte[] generate(HKDFParameters parameters, int bytes) {
    var generator = new HKDFBytesGenerator(new SHA256Digest());
    generator.init(parameters);
    var out = new byte[bytes];
    generator.generateBytes(out, 0, bytes);
    return out;
  }
}
