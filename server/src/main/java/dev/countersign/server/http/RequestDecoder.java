// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests, and does not wait for them for ever: a request must be whole within a time from
 * its first byte, however the rest drips in, and only so many may wait behind one another. Event
 * loop only.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {
  /** What to do with a connection that does not keep to the limits. */
  interface Violations {
    /** A request has begun and is not whole in time. */
    void tooSlow();

    /** A request has a whole head. True if too many wait by now, and the connection has ended. */
    boolean isOneTooMany();
  }

  private final long timeoutNanos;
  private final Violations violations;
  private @Nullable ScheduledFuture<?> timer;
  private boolean begun;
  private long begunAtNanos;
  private boolean ended;

  RequestDecoder(Http1ServerConfig config, Duration timeout, Violations violations) {
    super(config);
    this.timeoutNanos = timeout.toNanos();
    this.violations = violations;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (ended) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (!begun) {
      begin(context);
    }
    super.channelRead(context, message);
  }

  private void begin(ChannelHandlerContext context) {
    begun = true;
    begunAtNanos = System.nanoTime();
    if (timer == null) {
      timeIn(context, timeoutNanos);
    }
  }

  private void timeIn(ChannelHandlerContext context, long nanos) {
    timer = context.executor().schedule(() -> check(context), nanos, TimeUnit.NANOSECONDS);
  }

  /** Runs once in a while, not once for a request: most are whole with their first byte. */
  private void check(ChannelHandlerContext context) {
    timer = null;
    if (!begun || ended) {
      return;
    }
    long left = timeoutNanos - (System.nanoTime() - begunAtNanos);
    if (left > 0) {
      timeIn(context, left);
    } else {
      ended = true;
      violations.tooSlow();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (ended) {
      in.skipBytes(in.readableBytes());
      return;
    }
    int before = out.size();
    super.decode(context, in, out);
    for (int i = before; i < out.size(); i++) {
      Object message = out.get(i);
      if (message instanceof HttpRequest request) {
        requireVersion(request);
      }
      if (message instanceof HttpRequest && violations.isOneTooMany()) {
        ended = true;
        return;
      }
      if (message instanceof LastHttpContent) {
        begun = in.isReadable();
        begunAtNanos = begun ? System.nanoTime() : 0;
      }
    }
  }

  /** An answer to what is no HTTP/1.1 is HTTP/1.1 nevertheless, and not what the peer made up. */
  private static void requireVersion(HttpRequest request) {
    if (request.decoderResult().isSuccess()
        && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      request.setDecoderResult(DecoderResult.failure(new UnsupportedVersionException()));
    }
    request.setProtocolVersion(HttpVersion.HTTP_1_1);
  }

  /** HTTP of another version than ours. */
  @SuppressWarnings("serial") // never leaves this process
  static final class UnsupportedVersionException extends Exception {}

  /** A timer that is not stopped would keep all of the connection until it fires. */
  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
    if (timer != null) {
      timer.cancel(false);
    }
    super.handlerRemoved0(context);
  }
}
