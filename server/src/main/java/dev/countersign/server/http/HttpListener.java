// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketServerConfig;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
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

  /** Every status that a listener of ours answers with. */
  public static final List<Integer> COUNTED_STATUSES = AnswerCounts.STATUSES;

  /** What Vert.x calls it. */
  private static final String DECODER = "httpDecoder";

  private final Setup setup;
  private final AnswerCounts answers = new AnswerCounts();
  private final BodyBudget bodies;
  private final ConnectionCensus census;
  private final Entrance entrance;
  private final Dispatcher dispatcher;
  private final Map<HttpConnection, Connection> connections = new ConcurrentHashMap<>();
  private final Http1ServerConfig http1;
  private final SharedPort port;

  private HttpListener(Vertx vertx, Setup setup, ExecutorService virtualThreads, Handler handler)
      throws IOException {
    this.setup = setup;
    this.bodies = new BodyBudget(setup.limits().maxBodyBytesInMemory());
    this.census = new ConnectionCensus(setup.limits().connections());
    var reports = new FailureReports(name(), setup.observer());
    this.entrance = new Entrance(census, reports);
    this.dispatcher = new Dispatcher(setup, virtualThreads, handler, bodies, reports, answers);
    this.http1 =
        new Http1ServerConfig()
            .setMaxInitialLineLength(Refusal.MAX_REQUEST_LINE_BYTES)
            .setMaxHeaderSize(setup.limits().maxHeaderBytes());
    SslContext tls =
        setup.tls() == null ? null : new ObservedTls(setup.tls(), entrance, virtualThreads);
    this.port = SharedPort.open(vertx, setup.where(), () -> build(vertx, tls));
  }

  /** What a listener is opened on; port 0 is any that is free. */
  public record Where(String name, String address, int port) {
    /** Vert.x shares one free port between all who ask for the same negative one. */
    int sharedPort() {
      return port == 0 ? -1 - (name.hashCode() & 0xffff) : port;
    }
  }

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

  /** The server of one event loop. */
  private HttpServer build(Vertx vertx, @Nullable SslContext tls) {
    var config = new HttpServerConfig().setVersions(HttpVersion.HTTP_1_1);
    config.setIdleTimeout(setup.limits().timeouts().idle());
    config.setHttp1Config(http1);
    // Nobody speaks WebSocket here; every request would pass through what looks for it.
    config.setWebSocketConfig(
        new WebSocketServerConfig()
            .setUsePerFrameCompression(false)
            .setUsePerMessageCompression(false));
    var builder = vertx.httpServerBuilder();
    if (tls != null) {
      config.getTcpConfig().setSsl(true);
      builder
          .with(TlsEngine.placeholderOptions(setup.limits().timeouts().handshake()))
          .with(new TlsEngine(tls));
    }
    return builder
        .with(config)
        .withConnectHandler(this::connected)
        .build()
        .requestHandler(this::receive)
        .invalidRequestHandler(this::refuseInvalid)
        .exceptionHandler(e -> log.debug("listener={} connection_failed={}", name(), e.getClass()));
  }

  public String name() {
    return setup.where().name();
  }

  /** The port in use, also where 0 asked for any. */
  public int port() {
    return port.port();
  }

  /** Connections open now; with TLS, those whose handshake is done. */
  public int openConnections() {
    return connections.size();
  }

  /** TLS handshakes under way. */
  public int handshakes() {
    return census.handshakes();
  }

  /** How many connections were turned away for this limit. */
  public long refusedFor(ConnectionFailure.Limit limit) {
    return census.refusedFor(limit);
  }

  /** Bytes of request bodies that are held until they are answered. */
  public long bodyBytesInMemory() {
    return bodies.held();
  }

  /** How many requests got this status. */
  public long answered(int status) {
    return answers.of(status);
  }

  private void connected(HttpConnection connection) {
    Channel channel = ((HttpServerConnection) connection).channelHandlerContext().channel();
    if (setup.tls() == null && !entrance.admit(channel, channel)) {
      return;
    }
    var open = new Connection(name(), connection, PeerAddress.of(channel.remoteAddress()));
    connections.put(connection, open);
    connection.closeHandler(nothing -> {
      connections.remove(connection);
      open.ended();
    });
    HttpLimits limits = setup.limits();
    var cutoff = new Cutoff(channel, open, limits, dispatcher);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.replace(
        DECODER, DECODER, new RequestDecoder(http1, limits.timeouts().request(), cutoff));
    pipeline.addFirst(new AnswerDeadline(limits.timeouts().answer()));
  }

  private void receive(HttpServerRequest request) {
    request.exceptionHandler(e -> log.debug("listener={} request_broken={}", name(), e.toString()));
    Connection connection = listening(request);
    if (connection != null) {
      new IncomingRequest(request, connection, setup.limits().maxRequestBytes(), bodies)
          .read(dispatcher);
    }
  }

  private void refuseInvalid(HttpServerRequest request) {
    Connection connection = listening(request);
    if (connection != null) {
      Refusal refusal = Refusal.undecodable(request.decoderResult().cause());
      dispatcher.refuse(request, connection, refusal);
    }
  }

  /** Null if the connection has closed, or shall. */
  private @Nullable Connection listening(HttpServerRequest request) {
    Connection connection = connections.get(request.connection());
    return connection == null || connection.isHungUp() ? null : connection;
  }

  /** Refuses new connections, and ends those that are open once their requests are answered. */
  @Override
  public void close() {
    port.close();
  }
}
