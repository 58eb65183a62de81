// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class OverheardFuzzTest {
  @FuzzTest
  void hears(byte[] bytes) {
    for (int cut = 0; cut <= bytes.length; cut += 1 + bytes.length / 4) {
      var overheard = new Overheard();
      hear(overheard, Unpooled.wrappedBuffer(bytes, 0, cut));
      hear(overheard, Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut));
      if (overheard.isHttp() && !overheard.isBegun()) {
        throw new AssertionError("HTTP out of nothing");
      }
    }
  }

  /** It may throw nothing, and may move nothing that the TLS library reads after it. */
  private static void hear(Overheard overheard, ByteBuf bytes) {
    int reader = bytes.readerIndex();
    int writer = bytes.writerIndex();
    overheard.hear(bytes);
    if (bytes.readerIndex() != reader || bytes.writerIndex() != writer) {
      throw new AssertionError("it moved what is to be read");
    }
  }
}
