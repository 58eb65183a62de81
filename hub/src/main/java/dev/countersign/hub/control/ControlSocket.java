// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import dev.countersign.hub.HubPanel;
import dev.countersign.hub.page.HubFacts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket by which commands on this disk reach a running hub. Opened by who holds the state
 * directory's lock, which is the program that opened the hub; closed before the hub is.
 */
public final class ControlSocket implements AutoCloseable {
  /** In the state directory. */
  public static final String FILE_NAME = "control.sock";

  /** A request is a name, perhaps with the name of a phone. */
  private static final int MAX_REQUEST_BYTES = 4096;

  /** A command asks within milliseconds; one that follows asks every second. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Each costs a thread. Nobody needs as many. */
  private static final int MAX_CONNECTIONS = 8;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

  private final Path file;
  private final ServerSocketChannel listener;
  private final ControlDesk desk;
  private final Set<LineConnection> connections = ConcurrentHashMap.newKeySet();

  private ControlSocket(Path file, ServerSocketChannel listener, ControlDesk desk) {
    this.file = file;
    this.listener = listener;
    this.desk = desk;
  }

  /**
   * Begins to answer. What a hub that was killed left behind is replaced.
   *
   * @param state the state directory, 0700, which the caller has to itself
   * @param port where phones reach the hub
   * @throws IOException also if another hub answers there, or the path is too long for a socket
   */
  public static ControlSocket open(Path state, HubFacts facts, int port, HubPanel panel)
      throws IOException {
    Path file = state.resolve(FILE_NAME);
    UnixDomainSocketAddress address = SocketPath.of(file);
    replaceStale(file, address);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(address);
      // Until here the directory alone keeps others out, and it goes on doing so.
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
    var socket = new ControlSocket(file, listener, new ControlDesk(facts, port, panel));
    Thread.ofPlatform().daemon().name("control").start(socket::listen);
    return socket;
  }

  private static void replaceStale(Path file, UnixDomainSocketAddress address) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (SocketChannel _ = SocketChannel.open(address)) {
      throw new IOException(file + " is answered by another hub; end that one first");
    } catch (ConnectException e) {
      Files.delete(file); // nobody listens: its hub was killed
    }
  }

  private void listen() {
    while (listener.isOpen()) {
      try {
        var connection = new LineConnection(listener.accept(), PATIENCE, MAX_REQUEST_BYTES);
        connections.add(connection);
        Thread.ofPlatform()
            .daemon()
            .name("control-connection")
            .start(() -> serveAndClose(connection));
      } catch (IOException e) {
        if (listener.isOpen()) {
          LOG.warn("control failed reason=\"{}\"", e.getMessage());
          // Without file descriptors it fails at once, again and again.
          LockSupport.parkNanos(RETRY_AFTER.toNanos());
        }
      }
    }
    // One may have been accepted while close() looked through the others.
    connections.forEach(ControlSocket::end);
  }

  private void serveAndClose(LineConnection connection) {
    try {
      serve(connection);
    } catch (IOException e) {
      LOG.debug("control connection ended reason=\"{}\"", e.getMessage());
    } finally {
      end(connection);
      connections.remove(connection);
    }
  }

  private static void end(LineConnection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("control connection ended reason=\"{}\"", e.getMessage());
    }
  }

  private void serve(LineConnection connection) throws IOException {
    if (connections.size() > MAX_CONNECTIONS) {
      connection.writeLine(ControlWire.write(new ControlAnswer.Refused(ControlAnswer.Reason.BUSY)));
      return;
    }
    while (true) {
      Optional<String> line = connection.readLine();
      if (line.isEmpty()) {
        return;
      }
      Optional<ControlRequest> request = ControlWire.readRequest(line.get());
      connection.writeLine(
          ControlWire.write(
              request
                  .map(desk::answer)
                  .orElseGet(() -> new ControlAnswer.Refused(ControlAnswer.Reason.MALFORMED))));
    }
  }

  /** Ends all connections and removes the socket's file. */
  @Override
  public void close() throws IOException {
    listener.close();
    connections.forEach(ControlSocket::end);
    Files.deleteIfExists(file);
  }
}
