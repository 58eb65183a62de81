// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import java.nio.ByteBuffer;

/** Several buffers taken as one. */
final class Buffers {
  private Buffers() {}

  static int remaining(ByteBuffer[] buffers, int offset, int length) {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += buffers[i].remaining();
    }
    return (int) Math.min(sum, Integer.MAX_VALUE);
  }

  /** Takes so many bytes, which must be there. */
  static byte[] take(ByteBuffer[] sources, int offset, int length, int count) {
    var taken = new byte[count];
    int at = 0;
    for (int i = offset; i < offset + length && at < count; i++) {
      int next = Math.min(sources[i].remaining(), count - at);
      sources[i].get(taken, at, next);
      at += next;
    }
    return taken;
  }

  /** Reads what a protocol has for the application, as far as there is room. */
  static int read(PskProtocol protocol, ByteBuffer[] targets, int offset, int length) {
    int sum = 0;
    for (int i = offset; i < offset + length && protocol.getAvailableInputBytes() > 0; i++) {
      sum += protocol.readInput(targets[i], targets[i].remaining());
    }
    return sum;
  }
}
