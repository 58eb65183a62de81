// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.keys.DeviceKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;

/**
 * A pre-set secret as a factory or an operator gave it: printable ASCII, and its exact bytes are
 * what keys are made of. Lives from the request that brings it to the end of that request.
 *
 * <p><b>Security guarantees.</b> {@link #close} overwrites it; nothing prints it; it is never
 * stored.
 */
public final class ClearSecret implements AutoCloseable {
  /** Less cannot hold 128 bits in printable characters. */
  public static final int MIN_CHARS = 20;

  public static final int MAX_CHARS = 256;

  /** 62^50 is 297 bits. */
  static final int MADE_CHARS = 50;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final byte[] bytes;

  private ClearSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a secret that somebody else wrote. The message never repeats it.
   *
   * @param text copied
   */
  public static ClearSecret parse(CharSequence text) throws MalformedException {
    if (text.length() < MIN_CHARS || text.length() > MAX_CHARS) {
      throw new MalformedException(
          "secret",
          "expected %d to %d characters, got %d".formatted(MIN_CHARS, MAX_CHARS, text.length()));
    }
    var bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~') {
        Arrays.fill(bytes, (byte) 0);
        throw new MalformedException(
            "secret", "expected printable ASCII without blanks, as the device has it");
      }
      bytes[i] = (byte) c;
    }
    return new ClearSecret(bytes);
  }

  /** Makes a new one: 50 letters and digits, each one as likely as the other. */
  public static ClearSecret generate(SecureRandom random) {
    var bytes = new byte[MADE_CHARS];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    }
    return new ClearSecret(bytes);
  }

  /** What is kept in its place; the caller closes it. */
  public DeviceKey toKey() {
    return DeviceKey.ofSecret(bytes);
  }

  /** Its content, for the operator who asked for a new one. */
  public String text(SecretAccess access) {
    Objects.requireNonNull(access);
    return new String(bytes, US_ASCII);
  }

  /** Not a copy: for the checks of this package, which do not keep it. */
  byte[] content() {
    return bytes;
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "ClearSecret[" + bytes.length + " characters, hidden]";
  }
}
