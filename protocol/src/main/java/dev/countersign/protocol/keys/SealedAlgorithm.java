// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

import java.util.Arrays;
import java.util.Optional;

/** The AEAD of a device's sealed messages: provisioned with the device, never negotiated. */
public enum SealedAlgorithm {
  /** AES-CCM-16-128-128 of RFC 9053 §4.2: a tag of 16 bytes. */
  CCM(30, "ccm", 16, 13, 16),
  /** AES-CCM-16-64-128 of RFC 9053 §4.2: a tag of 8 bytes, for stacks that know no other. */
  CCM8(10, "ccm8", 16, 13, 8),
  /** ChaCha20/Poly1305 of RFC 9053 §4.3. */
  CHACHA20(24, "chacha20", 32, 12, 16);

  private final int coseId;
  private final String wireName;
  private final int keyBytes;
  private final int nonceBytes;
  private final int tagBytes;

  SealedAlgorithm(int coseId, String wireName, int keyBytes, int nonceBytes, int tagBytes) {
    this.coseId = coseId;
    this.wireName = wireName;
    this.keyBytes = keyBytes;
    this.nonceBytes = nonceBytes;
    this.tagBytes = tagBytes;
  }

  /** Its number in the COSE Algorithms registry. */
  public int coseId() {
    return coseId;
  }

  /** As commands and lists write it. */
  public String wireName() {
    return wireName;
  }

  public int keyBytes() {
    return keyBytes;
  }

  public int nonceBytes() {
    return nonceBytes;
  }

  public int tagBytes() {
    return tagBytes;
  }

  /** The algorithm that commands and lists call so. */
  public static Optional<SealedAlgorithm> named(String wireName) {
    return Arrays.stream(values()).filter(a -> a.wireName.equals(wireName)).findFirst();
  }
}
