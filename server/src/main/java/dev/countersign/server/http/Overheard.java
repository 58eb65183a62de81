// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.OptionalInt;

/**
 * What can be heard of a handshake from outside, where the TLS library drops it or puts it in words
 * of its own: whether it began as HTTP, and an alert that the peer sent in the clear. OpenSSL sends
 * its verdict on our certificate so, also in TLS 1.3 (RFC 8446 §D.4); BoringSSL then only says that
 * a record was too short. A hint for people, never a proof. Lives on one event loop.
 */
final class Overheard {
  private static final int RECORD_HEADER_BYTES = 5;
  private static final int ALERT = 21;
  private static final int ALERT_BYTES = 2;

  /** More would be somebody's try to keep us busy; a handshake has fewer in one read. */
  private static final int MAX_RECORDS = 8;

  private static final List<byte[]> METHODS =
      List.of("GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PATCH ", "CONNECT ")
          .stream()
          .map(method -> method.getBytes(US_ASCII))
          .toList();

  private boolean isBegun;
  private boolean isHttp;
  private OptionalInt alert = OptionalInt.empty();

  /** Listens to bytes as they arrive, and leaves them as they are. */
  void hear(ByteBuf bytes) {
    if (!isBegun && bytes.isReadable()) {
      isBegun = true;
      isHttp = METHODS.stream().anyMatch(method -> beginsWith(bytes, method));
    }
    int at = bytes.readerIndex();
    for (int i = 0; i < MAX_RECORDS && at + RECORD_HEADER_BYTES <= bytes.writerIndex(); i++) {
      int length = bytes.getUnsignedShort(at + 3);
      int next = at + RECORD_HEADER_BYTES + length;
      if (bytes.getUnsignedByte(at) == ALERT
          && length == ALERT_BYTES
          && next <= bytes.writerIndex()) {
        alert = OptionalInt.of(bytes.getUnsignedByte(next - 1));
      }
      at = next;
    }
  }

  private static boolean beginsWith(ByteBuf bytes, byte[] text) {
    if (bytes.readableBytes() < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether anything came at all. */
  boolean isBegun() {
    return isBegun;
  }

  /** Whether it began like a request. */
  boolean isHttp() {
    return isHttp;
  }

  /** The description in the last alert that could be read (RFC 8446 §6). */
  OptionalInt alert() {
    return alert;
  }
}
