// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;
import java.util.Arrays;

/** Reads the plaintext of a message from front to back. */
final class InnerReader {
  private static final int ONE_MORE_BYTE = 13;
  private static final int TWO_MORE_BYTES = 14;
  private static final int TWO_BYTES_FROM = 269;

  private final byte[] bytes;
  private int at;

  InnerReader(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  int next(String field) throws MalformedException {
    if (!hasMore()) {
      throw new MalformedException(field, "expected more bytes, got the end of the message");
    }
    return bytes[at++] & 0xff;
  }

  /** RFC 7252 §3.1: a number of four bits, or what follows it; each number has one form. */
  int extended(int nibble) throws MalformedException {
    if (nibble < ONE_MORE_BYTE) {
      return nibble;
    } else if (nibble == ONE_MORE_BYTE) {
      return ONE_MORE_BYTE + next("option");
    } else if (nibble == TWO_MORE_BYTES) {
      return TWO_BYTES_FROM + (next("option") << 8 | next("option"));
    }
    throw new MalformedException("option", "expected no reserved length");
  }

  byte[] bytes(int length) throws MalformedException {
    if (length > bytes.length - at) {
      throw new MalformedException("option", "expected more bytes, got the end of the message");
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  byte[] rest() {
    int from = at;
    at = bytes.length;
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }
}
