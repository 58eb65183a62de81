// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.SslContext;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A listener on a free port of this machine, with what it told its observer. */
public final class TestListener implements AutoCloseable {
  /** Nothing here takes as long; a test that hangs should say where. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
  final Queue<ConnectionFailure> failures = new ConcurrentLinkedQueue<>();
  final HttpListener listener;

  public TestListener(@Nullable SslContext tls, TestLimits limits, Handler handler)
      throws IOException {
    listener =
        HttpListener.open(
            vertx,
            new HttpListener.Setup(
                new HttpListener.Where("test", "::", 0), tls, limits.build(), failures::add),
            virtualThreads,
            handler);
  }

  Socket connect() throws IOException {
    var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), listener.port());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  /** Everything that comes back to these bytes, until the listener ends the connection. */
  public String say(String bytes) throws IOException {
    try (Socket socket = connect()) {
      write(socket, bytes);
      return rest(socket);
    }
  }

  static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** What still comes until the end. */
  static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  /** The next status line; its headers and body stay unread. */
  static String line(Socket socket) throws IOException {
    var line = new StringBuilder();
    for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
      if (b == '\n') {
        return line.toString().strip();
      }
      line.append((char) b);
    }
    return line + "<end>";
  }

  @Override
  public void close() {
    listener.close();
    virtualThreads.shutdownNow();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
