// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Ends a connection that does not keep to the limits, with a word about it where there can be. */
final class Cutoff implements RequestDecoder.Violations {
  private final Channel channel;
  private final Connection connection;
  private final HttpLimits limits;
  private final Context context;
  private final Dispatcher dispatcher;

  /** Called on the event loop of the connection. */
  Cutoff(Channel channel, Connection connection, HttpLimits limits, Dispatcher dispatcher) {
    this.channel = channel;
    this.connection = connection;
    this.limits = limits;
    this.dispatcher = dispatcher;
    this.context = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
  }

  @Override
  public void tooSlow() {
    context.runOnContext(nothing -> refuseSlow());
  }

  private void refuseSlow() {
    Refusal refusal = Refusal.tooSlow(limits.timeouts().request());
    IncomingRequest reading = connection.reading();
    if (reading != null) {
      reading.refuse(dispatcher, refusal);
      return;
    }
    dispatcher.count(connection, refusal);
    if (connection.awaitsAnswer()) {
      close(); // an answer to an earlier request is due first, and may be under way
    } else {
      sayAndClose(refusal.answer());
    }
  }

  /** There is no request to answer yet: half a head is none. */
  private void sayAndClose(Answer.Complete answer) {
    connection.hangUp();
    var decoder = channel.pipeline().context(RequestDecoder.class);
    if (decoder != null) {
      var _ = decoder.writeAndFlush(message(answer.with("Connection", "close")));
    }
    var _ = // not at once: the peer should find time to read
        channel
            .eventLoop()
            .schedule(this::close, ResponseWriter.HANG_UP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void close() {
    var _ = channel.close();
  }

  private static ByteBuf message(Answer.Complete answer) {
    var head = new StringBuilder("HTTP/1.1 ");
    head.append(HttpResponseStatus.valueOf(answer.status())).append("\r\n");
    answer.headers().forEach((n, v) -> head.append(n).append(": ").append(v).append("\r\n"));
    head.append("Content-Length: ").append(answer.body().length).append("\r\n\r\n");
    return Unpooled.wrappedBuffer(head.toString().getBytes(US_ASCII), answer.body());
  }

  @Override
  public boolean isOneTooMany() {
    int max = limits.maxPipelinedRequests();
    if (connection.requestBegun() <= max + 1) {
      return false;
    }
    dispatcher.count(connection, Refusal.tooManyPipelined(max));
    close();
    return true;
  }
}
