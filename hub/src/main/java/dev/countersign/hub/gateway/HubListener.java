// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.protocol.MalformedException;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketServerConfig;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's port: takes whole requests to the routes of the connection's protocol, each on a
 * virtual thread, and connections of who wants events to {@link EventStreams}.
 */
public final class HubListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HubListener.class);
  private static final int MAX_LINE_BYTES = 2048;
  private static final int MAX_HEADER_BYTES = 8192;
  private static final int OPEN_SECONDS = 30;
  private static final int CLOSE_SECONDS = 3;
  private static final long HANG_UP_MILLIS = 500;

  /** Answers whole requests of one protocol. */
  @FunctionalInterface
  interface Routes {
    HubAnswer answer(Peer peer, HubRequest request) throws IOException, MalformedException;
  }

  private final Vertx vertx;
  private final Map<Protocol, Routes> routes;
  private final Connections connections;
  private final EventStreams events;
  private final Limits limits;
  private final Semaphore permits;
  private final ExecutorService virtualThreads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("hub-request-", 0).factory());
  private final Map<HttpConnection, Peer> peers = new ConcurrentHashMap<>();
  private final HttpServer server;

  private HubListener(
      Vertx vertx,
      HubTls tls,
      Map<Protocol, Routes> routes,
      Connections connections,
      EventStreams events,
      Limits limits) {
    this.vertx = vertx;
    this.routes = Map.copyOf(routes);
    this.connections = connections;
    this.events = events;
    this.limits = limits;
    this.permits = new Semaphore(limits.maxConcurrentRequests());
    this.server = build(tls);
  }

  /**
   * Opens the port.
   *
   * @throws IOException if it cannot be had; the message says which
   */
  static HubListener open(
      Vertx vertx,
      HubTls tls,
      InetSocketAddress where,
      Map<Protocol, Routes> routes,
      Connections connections,
      EventStreams events,
      Limits limits)
      throws IOException {
    var listener = new HubListener(vertx, tls, routes, connections, events, limits);
    try {
      listener
          .server
          .listen(where.getPort(), where.getHostString())
          .toCompletionStage()
          .toCompletableFuture()
          .get(OPEN_SECONDS, TimeUnit.SECONDS);
      return listener;
    } catch (ExecutionException | TimeoutException e) {
      listener.close();
      throw new IOException("port " + where.getPort() + " cannot be opened: it is in use", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private HttpServer build(HubTls tls) {
    var config = new HttpServerConfig().setVersions(HttpVersion.HTTP_1_1);
    config.setIdleTimeout(limits.idle());
    config.setHttp1Config(
        new Http1ServerConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES));
    // Phones only listen: what they send over a WebSocket is small and thrown away.
    config.setWebSocketConfig(
        new WebSocketServerConfig()
            .setUsePerFrameCompression(false)
            .setUsePerMessageCompression(false)
            .setMaxFrameSize(EventStreams.MAX_INCOMING_BYTES)
            .setMaxMessageSize(EventStreams.MAX_INCOMING_BYTES));
    config.getTcpConfig().setSsl(true);
    return vertx
        .httpServerBuilder()
        .with(TlsEngine.placeholderOptions(limits.handshake()))
        .with(new TlsEngine(tls))
        .with(config)
        .withConnectHandler(this::connected)
        .build()
        .requestHandler(this::receive)
        .invalidRequestHandler(request -> request.connection().close())
        .exceptionHandler(e -> log.debug("connection_failed={}", e.toString()));
  }

  /** The port in use, also where 0 asked for any. */
  public int port() {
    return server.actualPort();
  }

  private void connected(HttpConnection connection) {
    Channel channel = ((HttpServerConnection) connection).channelHandlerContext().channel();
    Peer peer = Peer.of(connection, channel);
    if (!connections.admit(peer)) {
      connection.close();
      return;
    }
    channel
        .pipeline()
        .addAfter(channel.pipeline().context(SslHandler.class).name(), null, new SlowReader());
    peers.put(connection, peer);
    OptionalLong end =
        connections.isStranger(peer)
            ? OptionalLong.of(
                vertx.setTimer(limits.strangersLife().toMillis(), timer -> peer.close()))
            : OptionalLong.empty();
    connection.closeHandler(nothing -> {
      // Else who comes and goes quickly would leave a minute's worth of connections in memory.
      end.ifPresent(vertx::cancelTimer);
      peers.remove(connection);
      connections.ended(peer);
    });
  }

  private void receive(HttpServerRequest request) {
    Peer peer = peers.get(request.connection());
    if (peer == null) {
      request.connection().close();
      return;
    }
    if (events.isFor(peer, request)) {
      events.open(peer, request);
      return;
    }
    Buffer body = Buffer.buffer();
    request.exceptionHandler(e -> log.debug("request_broken={}", e.toString()));
    request.handler(part -> {
      if (body.length() + part.length() > limits.maxRequestBytes()) {
        request.handler(rest -> {});
        request.endHandler(nothing -> {});
        tooLarge(request, peer);
      } else {
        body.appendBuffer(part);
      }
    });
    request.endHandler(nothing -> dispatch(request, peer, body.getBytes()));
  }

  private void tooLarge(HttpServerRequest request, Peer peer) {
    request.response().putHeader("Connection", "close");
    send(
        request,
        HubAnswer.problem(
            413,
            "too-large",
            "The request is too large",
            "expected at most " + limits.maxRequestBytes() + " bytes"));
    // Closed on unread bytes, the connection would be reset before the peer saw why.
    vertx.setTimer(HANG_UP_MILLIS, timer -> peer.close());
  }

  private void dispatch(HttpServerRequest request, Peer peer, byte[] body) {
    if (!permits.tryAcquire()) {
      send(request, Problem.OVERLOAD);
      return;
    }
    peer.asked();
    Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    virtualThreads.execute(() -> {
      HubAnswer answer;
      try {
        answer = answer(peer, whole(request, peer, body));
      } finally {
        permits.release();
      }
      loop.runOnContext(nothing -> send(request, answer).onComplete(sent -> peer.answered()));
    });
  }

  private static HubRequest whole(HttpServerRequest request, Peer peer, byte[] body) {
    Map<String, String> headers = new TreeMap<>();
    request
        .headers()
        .forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
    return new HubRequest(request.method().name(), path(request), headers, body, peer.isLoopback());
  }

  /** Empty for what has none, such as {@code OPTIONS *}. */
  static String path(HttpServerRequest request) {
    return Objects.requireNonNullElse(request.path(), "");
  }

  private HubAnswer answer(Peer peer, HubRequest request) {
    try {
      return Objects.requireNonNull(routes.get(peer.protocol())).answer(peer, request);
    } catch (MalformedException e) {
      return Problem.malformed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      log.error("path={} storage_failed={}", request.path(), e.toString());
      return Problem.OVERLOAD;
    } catch (RuntimeException e) {
      log.error("path={} bug", request.path(), e);
      return Problem.INTERNAL;
    }
  }

  private static Future<Void> send(HttpServerRequest request, HubAnswer answer) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    return response.end(Buffer.buffer(answer.body()));
  }

  @Override
  public void close() {
    server.close();
    virtualThreads.shutdown();
    try {
      if (!virtualThreads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        virtualThreads.shutdownNow(); // a device that hangs must not keep its hub from ending
      }
    } catch (InterruptedException e) {
      virtualThreads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
