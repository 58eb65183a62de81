// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.Locale;

/**
 * Finds out where an HTTP/1.1 answer ends, and passes it on. Knows just what the servers under test
 * send (RFC 9112 §6.3): a length, or a status without content.
 */
final class AnswerDecoder extends ByteToMessageDecoder {
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int STATUS_DIGITS = 3;
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int start = in.readerIndex();
    int head = headBytes(in);
    if (head < 0) {
      return;
    }
    int status = status(in);
    // RFC 9112 §6.3: these never have content, whatever their header says.
    boolean empty = status == 204 || status == 304;
    int length = empty ? 0 : contentLength(in.toString(start, head, US_ASCII));
    if (in.readableBytes() >= head + length) {
      in.skipBytes(head);
      var body = new byte[length];
      in.readBytes(body);
      out.add(new HttpAnswer(status, body));
    }
  }

  private static int headBytes(ByteBuf in) {
    for (int i = in.readerIndex(); i + HEAD_END.length <= in.writerIndex(); i++) {
      if (in.getByte(i) == HEAD_END[0]
          && in.getByte(i + 1) == HEAD_END[1]
          && in.getByte(i + 2) == HEAD_END[2]
          && in.getByte(i + 3) == HEAD_END[3]) {
        return i + HEAD_END.length - in.readerIndex();
      }
    }
    return -1;
  }

  private static int status(ByteBuf in) {
    int status = 0;
    for (int i = 0; i < STATUS_DIGITS; i++) {
      status = 10 * status + (in.getByte(in.readerIndex() + STATUS_AT + i) - '0');
    }
    return status;
  }

  private static int contentLength(String head) {
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    throw new IllegalArgumentException("an answer: expected Content-Length, got " + head);
  }
}
