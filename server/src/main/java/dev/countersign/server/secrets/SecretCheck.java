// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether secrets are fit to be keys: one by one, and beside those before them on the same list.
 * Reasons never repeat a secret. For one list and one thread; forgets everything with it.
 */
public final class SecretCheck {
  /** RFC 8446 §2.2 wants external keys of full entropy; 128 bits is what AES-128 offers. */
  public static final int MIN_BITS = 128;

  private final Map<Sha256, Long> lineByPart = new HashMap<>();

  /** Why a secret is refused, if it is. */
  public static Optional<String> problem(ClearSecret secret, DeviceSerial serial) {
    byte[] content = secret.content();
    int bits = SecretStrength.bits(content);
    if (bits < MIN_BITS) {
      return Optional.of(
          "too easy to guess: expected at least %d bits, estimated at most %d; weak secrets cannot"
                  .formatted(MIN_BITS, bits)
              + " be used for a first contact yet: give the device a random one, or enrol it with a"
              + " token");
    }
    if (SerialDerivation.isDerived(content, serial)) {
      return Optional.of("made from the serial, which everyone can read: expected a random secret");
    }
    if (PublishedSecrets.contains(content)) {
      return Optional.of("published in a specification or an example: expected a random secret");
    }
    return Optional.empty();
  }

  /** The same, and whether it differs from one before it only in a part, as counters do. */
  public Optional<String> problem(ClearSecret secret, DeviceSerial serial, long line) {
    Optional<String> own = problem(secret, serial);
    if (own.isPresent()) {
      return own;
    }
    Optional<String> counted = Optional.empty();
    for (Sha256 part : parts(secret.content())) {
      Long before = lineByPart.putIfAbsent(part, line);
      if (before != null) {
        counted =
            Optional.of(
                "the same as that on line "
                    + before
                    + ", at least in half of it: expected secrets that are independent of each"
                    + " other, not counted");
      }
    }
    return counted;
  }

  /**
   * Whatever window of up to half its length is counted up, one of these stays the same. Each has
   * 64 bits and more, so that no two random secrets share one.
   */
  private static List<Sha256> parts(byte[] secret) {
    int half = secret.length / 2;
    int quarter = secret.length / 4;
    byte[] outer = Arrays.copyOf(secret, secret.length);
    Arrays.fill(outer, quarter, secret.length - quarter, (byte) 0);
    byte[] left = Arrays.copyOf(secret, half);
    byte[] right = Arrays.copyOfRange(secret, half, secret.length);
    try {
      return List.of(named("left", left), named("right", right), named("outer", outer));
    } finally {
      Arrays.fill(outer, (byte) 0);
      Arrays.fill(left, (byte) 0);
      Arrays.fill(right, (byte) 0);
    }
  }

  private static Sha256 named(String name, byte[] part) {
    byte[] prefix = (name + part.length + ":").getBytes(US_ASCII);
    byte[] all = Arrays.copyOf(prefix, prefix.length + part.length);
    System.arraycopy(part, 0, all, prefix.length, part.length);
    try {
      return Sha256.of(all);
    } finally {
      Arrays.fill(all, (byte) 0);
    }
  }
}
