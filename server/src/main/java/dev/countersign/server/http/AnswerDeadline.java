// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose peer does not take its answers, or takes them by the byte. What waits for
 * it is bounded by the write buffer of the channel and one answer; this bounds for how long.
 *
 * <p>Stands next to the socket. Costs next to nothing while every flush leaves at once. Event loop
 * only.
 */
final class AnswerDeadline extends ChannelOutboundHandlerAdapter {
  /** Less than the slowest modem; nobody who means it is slower. */
  private static final long MIN_BYTES_PER_SECOND = 1024;

  private final Duration patience;
  private long writtenBytes;
  private @Nullable ScheduledFuture<?> timer;

  AnswerDeadline(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      writtenBytes += bytes.readableBytes();
    }
    var _ = context.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    if (timer == null && buffer != null && !buffer.isEmpty()) {
      watch(context, waitingBytes(buffer));
    }
  }

  /** What is in the buffer; a message of which a part has left counts with the other part. */
  private static long waitingBytes(ChannelOutboundBuffer buffer) {
    long[] sum = {0};
    try {
      buffer.forEachFlushedMessage(message -> {
        sum[0] += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        return true;
      });
    } catch (Exception e) {
      throw new AssertionError("adding up throws nothing", e);
    }
    return sum[0];
  }

  private void watch(ChannelHandlerContext context, long waiting) {
    long enough =
        writtenBytes - waiting + Math.min(waiting, patience.toSeconds() * MIN_BYTES_PER_SECOND);
    timer =
        context
            .executor()
            .schedule(() -> check(context, enough), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** All of what waited must be gone by now, or as much of it as the slowest could take. */
  private void check(ChannelHandlerContext context, long enough) {
    timer = null;
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    if (buffer == null || buffer.isEmpty()) {
      return;
    }
    long waiting = waitingBytes(buffer);
    if (writtenBytes - waiting < enough) {
      var _ = context.close();
    } else {
      watch(context, waiting);
    }
  }

  /** A timer that is not stopped would keep all of the connection until it fires. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
