// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Writes an answer from any thread; the bytes leave on the connection's event loop. */
final class ResponseWriter {
  /** A peer that takes no byte for this long has gone away. */
  private static final int SLOW_PEER_SECONDS = 60;

  static final long HANG_UP_MILLIS = 1000;
  private static final int FLUSH_BYTES = 16 * 1024;

  /** Progress is for people; a tenth of a second is soon enough. */
  private static final long FLUSH_NANOS = 100_000_000;

  private final HttpServerRequest request;
  private final Connection connection;
  private final Context loop;

  /** Called on the event loop of the request. */
  ResponseWriter(HttpServerRequest request, Connection connection) {
    this.request = request;
    this.connection = connection;
    this.loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
  }

  void send(Answer.Complete answer) {
    if (loop.equals(Vertx.currentContext())) {
      write(answer);
    } else {
      loop.runOnContext(nothing -> write(answer));
    }
  }

  /**
   * Answers a request whose rest nobody wants. What still comes is thrown away for a moment: a
   * connection closed on unread bytes is reset, and the peer would never see why.
   */
  void sendAndHangUp(Answer.Complete answer) {
    connection.hangUp();
    request.handler(discarded -> {});
    request.endHandler(nothing -> {});
    write(answer.with("Connection", "close"))
        .onComplete(done -> loop.owner().setTimer(HANG_UP_MILLIS, timer -> connection.close()));
  }

  private Future<Void> write(Answer.Complete answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    connection.requestAnswered();
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    // Bouncy Castle's EST client drops the body of a challenge unread, and fails if a length had
    // promised it one.
    response.setChunked(
        answer.headers().getOrDefault("WWW-Authenticate", "").startsWith("Basic")
            && request.version() == HttpVersion.HTTP_1_1);
    return answer.body().length == 0 ? response.end() : response.end(Buffer.buffer(answer.body()));
  }

  /**
   * Writes JSON lines, several at a time; blocks the calling (virtual) thread while the peer is
   * slow.
   */
  void stream(Answer.LineSource source) throws Exception {
    onLoop(() -> {
      request.response().setStatusCode(200).setChunked(true);
      request.response().putHeader("Content-Type", "application/x-ndjson");
      return Future.succeededFuture();
    });
    var lines = new LineBuffer();
    source.writeTo(lines);
    lines.flush();
    onLoop(() -> {
      connection.requestAnswered();
      return request.response().end();
    });
  }

  /** A way to the event loop and back for every line would cost more than the lines. */
  private final class LineBuffer implements Answer.LineSink {
    private Buffer gathered = Buffer.buffer();
    private long flushedAtNanos = System.nanoTime();

    @Override
    public void line(Object value) throws InterruptedException {
      gathered.appendBytes(Answer.JSON.writeValueAsBytes(value)).appendByte((byte) '\n');
      boolean late = System.nanoTime() - flushedAtNanos > FLUSH_NANOS;
      if (late || gathered.length() >= FLUSH_BYTES) {
        flush();
      }
    }

    void flush() throws InterruptedException {
      Buffer full = gathered;
      gathered = Buffer.buffer();
      flushedAtNanos = System.nanoTime();
      if (full.length() > 0) {
        onLoop(() -> request.response().write(full));
      }
    }
  }

  private void onLoop(Supplier<Future<Void>> action) throws InterruptedException {
    var done = new CompletableFuture<Void>();
    loop.runOnContext(
        nothing -> action.get().onSuccess(done::complete).onFailure(done::completeExceptionally));
    try {
      done.get(SLOW_PEER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the peer went away", e);
    }
  }
}
