// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port with several event loops behind it, one for each processor: a single one would encrypt
 * for all connections of the port on a single core. Vert.x deals connections out in turn.
 */
final class SharedPort implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SharedPort.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

  private final HttpListener.Where where;
  private final Queue<HttpServer> servers = new ConcurrentLinkedQueue<>();

  private SharedPort(HttpListener.Where where) {
    this.where = where;
  }

  /**
   * Listens.
   *
   * @param servers makes the server of one event loop; all alike
   * @throws IOException if the port cannot be had; the message says which and what to do
   */
  static SharedPort open(Vertx vertx, HttpListener.Where where, Supplier<HttpServer> servers)
      throws IOException {
    var shared = new SharedPort(where);
    int loops = Math.max(2, Runtime.getRuntime().availableProcessors());
    shared.await(
        vertx.deployVerticle(
            () -> shared.new Loop(servers), new DeploymentOptions().setInstances(loops)));
    return shared;
  }

  /** Runs one server on an event loop of its own. */
  private final class Loop extends VerticleBase {
    private final Supplier<HttpServer> maker;

    private Loop(Supplier<HttpServer> maker) {
      this.maker = maker;
    }

    @Override
    public Future<?> start() {
      HttpServer server = maker.get();
      return server.listen(where.sharedPort(), where.address()).onSuccess(servers::add);
    }
  }

  int port() {
    return servers.element().actualPort();
  }

  private void await(Future<String> deployed) throws IOException {
    String name = where.name();
    try {
      deployed
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BindException) {
        throw new IOException(
            name
                + ": port "
                + where.port()
                + " on "
                + where.address()
                + " is taken; stop what uses it, or"
                + " choose others with --port-base or listeners: in countersign.yaml",
            e);
      }
      throw new IOException(
          name + ": cannot listen on port " + where.port() + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException(name + ": the listener did not start", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(name + ": interrupted while starting", e);
    }
  }

  /** Refuses new connections, and ends those that are open once their requests are answered. */
  @Override
  public void close() {
    List<Future<Void>> endings =
        servers.stream().map(server -> server.shutdown(5, TimeUnit.SECONDS)).toList();
    try {
      Future.all(endings).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("listener={} close_failed={}", where.name(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
