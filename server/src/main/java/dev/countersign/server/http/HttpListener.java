// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.DiskFullException;
import dev.countersign.server.database.OverloadedException;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketServerConfig;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port that speaks HTTP/1.1, with or without TLS. Event loops read and write, and answer what
 * its handler answers at once; any other request runs on a virtual thread, if there is a permit
 * left for it.
 *
 * <p>HTTP/1.1 alone: a device has one request outstanding, and what HTTP/2 would add here is mostly
 * ways to keep a server busy.
 */
public final class HttpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

  /** Every status that a listener of ours answers with. */
  public static final List<Integer> COUNTED_STATUSES =
      List.of(200, 201, 204, 304, 400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 431, 500, 503);

  private static final int STATUS_LIMIT = 600;

  private final AtomicLongArray answered = new AtomicLongArray(STATUS_LIMIT);
  private final String name;
  private final Handler handler;
  private final HttpLimits limits;
  private final FailureReports reports;
  private final ExecutorService virtualThreads;
  private final Semaphore permits;
  private final Map<HttpConnection, Connection> connections = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final int port;

  private HttpListener(Vertx vertx, Setup setup, ExecutorService virtualThreads, Handler handler)
      throws IOException {
    this.name = setup.where().name();
    this.handler = handler;
    this.limits = setup.limits();
    this.reports = new FailureReports(name, setup.observer());
    this.virtualThreads = virtualThreads;
    this.permits = new Semaphore(limits.maxConcurrentRequests());
    this.server = build(vertx, setup.tls());
    this.port = listen(setup.where());
  }

  /** What a listener is opened on. */
  public record Where(String name, String address, int port) {}

  /**
   * What a listener is made of, besides what it answers.
   *
   * @param tls null for plain HTTP; may be shared with other listeners
   * @param observer learns what failed before any handler could see it
   */
  public record Setup(
      Where where, @Nullable SslContext tls, HttpLimits limits, ConnectionObserver observer) {}

  /**
   * Opens the port.
   *
   * @throws IOException if the port cannot be had; the message says which and what to do
   */
  public static HttpListener open(
      Vertx vertx, Setup setup, ExecutorService virtualThreads, Handler handler)
      throws IOException {
    return new HttpListener(vertx, setup, virtualThreads, handler);
  }

  private HttpServer build(Vertx vertx, @Nullable SslContext tls) {
    var config = new HttpServerConfig().setVersions(HttpVersion.HTTP_1_1);
    config.setIdleTimeout(limits.idleTimeout());
    config.setHttp1Config(
        new Http1ServerConfig()
            .setMaxInitialLineLength(Refusal.MAX_REQUEST_LINE_BYTES)
            .setMaxHeaderSize(limits.maxHeaderBytes()));
    // Nobody speaks WebSocket here; every request would pass through what looks for it.
    config.setWebSocketConfig(
        new WebSocketServerConfig()
            .setUsePerFrameCompression(false)
            .setUsePerMessageCompression(false));
    var builder = vertx.httpServerBuilder();
    if (tls != null) {
      config.getTcpConfig().setSsl(true);
      builder
          .with(TlsEngine.placeholderOptions(limits.handshakeTimeout()))
          .with(new TlsEngine(new ObservedTls(tls, reports)));
    }
    return builder
        .with(config)
        .withConnectHandler(this::connected)
        .build()
        .requestHandler(this::receive)
        .invalidRequestHandler(this::refuseInvalid)
        .exceptionHandler(e -> log.debug("listener={} connection_failed={}", name, e.getClass()));
  }

  private int listen(Where where) throws IOException {
    String address = where.address();
    int wanted = where.port();
    try {
      return server
          .listen(wanted, address)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          .actualPort();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BindException) {
        throw new IOException(
            name
                + ": port "
                + wanted
                + " on "
                + address
                + " is taken; stop what uses it, or"
                + " choose others with --port-base or listeners: in countersign.yaml",
            e);
      }
      throw new IOException(name + ": cannot listen on port " + wanted + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException(name + ": the listener did not start", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(name + ": interrupted while starting", e);
    }
  }

  public String name() {
    return name;
  }

  /** The port in use, also where 0 asked for any. */
  public int port() {
    return port;
  }

  /** Connections open now. */
  public int openConnections() {
    return connections.size();
  }

  /** How many requests got this status. */
  public long answered(int status) {
    return answered.get(status);
  }

  private void connected(HttpConnection connection) {
    var open = new Connection(connection);
    connections.put(connection, open);
    connection.closeHandler(nothing -> {
      connections.remove(connection);
      open.ended();
    });
  }

  private void refuseInvalid(HttpServerRequest request) {
    refuse(request, Refusal.undecodable(request.decoderResult().cause()));
  }

  /** Answers without asking the handler, and ends the connection. */
  private void refuse(HttpServerRequest request, Refusal refusal) {
    count(request.connection(), refusal);
    new ResponseWriter(request).sendAndHangUp(refusal.answer());
  }

  private void count(HttpConnection connection, Refusal refusal) {
    answered.incrementAndGet(refusal.answer().status());
    Connection open = connections.get(connection);
    if (open != null) {
      reports.requestRefused(open, refusal);
    }
  }

  private void receive(HttpServerRequest request) {
    request.exceptionHandler(e -> log.debug("listener={} request_broken={}", name, e.toString()));
    String length = request.getHeader("Content-Length");
    if (declared(length) > limits.maxRequestBytes()) {
      refuse(request, Refusal.tooLarge(limits.maxRequestBytes()));
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    var body = Buffer.buffer();
    request.handler(chunk -> {
      if (body.length() + chunk.length() > limits.maxRequestBytes()) {
        refuse(request, Refusal.tooLarge(limits.maxRequestBytes()));
      } else {
        body.appendBuffer(chunk);
      }
    });
    request.endHandler(nothing -> {
      if (!request.response().ended()) {
        dispatch(request, body.getBytes());
      }
    });
  }

  private static long declared(@Nullable String length) {
    if (length == null) {
      return 0;
    }
    // Netty has refused what is not a number; ten digits are too many whatever they say.
    return length.length() > 9 ? Long.MAX_VALUE : Long.parseLong(length.strip());
  }

  private void dispatch(HttpServerRequest request, byte[] body) {
    var writer = new ResponseWriter(request);
    Connection connection = connections.get(request.connection());
    if (connection == null) {
      return; // it closed while the body was read
    }
    var exchange = new Exchange(request, connection, body);
    if (isHandledAtOnce(exchange, writer)) {
      return;
    }
    if (!permits.tryAcquire()) {
      Refusal overloaded = Refusal.overloaded();
      count(request.connection(), overloaded);
      writer.send(overloaded.answer());
      return;
    }
    virtualThreads.execute(() -> {
      try {
        handle(exchange, writer);
      } finally {
        permits.release();
      }
    });
  }

  /** Takes no thread, and so no permit. */
  private boolean isHandledAtOnce(Exchange exchange, ResponseWriter writer) {
    Optional<? extends Answer> answer;
    try {
      answer = handler.handleAtOnce(exchange);
    } catch (ProtocolException | RuntimeException e) {
      answer = Optional.of(failure(exchange, e));
    }
    answer.ifPresent(a -> deliver(exchange, writer, a));
    return answer.isPresent();
  }

  private void handle(Exchange exchange, ResponseWriter writer) {
    Answer answer;
    try {
      answer = handler.handle(exchange);
    } catch (ProtocolException | RuntimeException e) {
      answer = failure(exchange, e);
    }
    deliver(exchange, writer, answer);
  }

  private void deliver(Exchange exchange, ResponseWriter writer, Answer answer) {
    switch (answer) {
      case Answer.Complete complete -> {
        answered.incrementAndGet(complete.status());
        writer.send(complete);
      }
      case Answer.Lines lines -> {
        answered.incrementAndGet(200);
        try {
          writer.stream(lines.source());
        } catch (Exception e) {
          log.warn("listener={} path={} stream_failed={}", name, exchange.path(), e.toString());
          exchange.connection().close(); // a stream that just ends would look complete
        }
      }
      case Answer.Later later ->
          later
              .answer()
              .whenComplete((result, error) ->
                  deliver(
                      exchange,
                      writer,
                      error == null ? result : failure(exchange, unwrapped(error))));
    }
  }

  private static Throwable unwrapped(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  /** The table from error to status; what is not in it is a bug and says nothing to the peer. */
  private Answer.Complete failure(Exchange exchange, Throwable error) {
    return switch (error) {
      case ProtocolException e -> Problem.malformed(e.getMessage());
      case OverloadedException e -> Refusal.overloaded().answer();
      // Not logged: it is said once when it begins, and would only take more of the disk here.
      case DiskFullException e -> Problem.diskFull();
      case DatabaseException e -> {
        log.error("listener={} path={} storage_failed={}", name, exchange.path(), e.toString());
        yield Refusal.overloaded().answer();
      }
      default -> {
        log.error("listener={} path={} bug", name, exchange.path(), error);
        yield Problem.internal();
      }
    };
  }

  /** Refuses new connections, and ends those that are open once their requests are answered. */
  @Override
  public void close() {
    try {
      server
          .shutdown(5, TimeUnit.SECONDS)
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("listener={} close_failed={}", name, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
