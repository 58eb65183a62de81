// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Asks a hub that runs on a state directory. Each request has a connection of its own. */
public final class ControlClient {
  /** A list of phones, with room. */
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  /** A removal is on disk before it is answered. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Path file;

  /** For the hub that runs on this directory. */
  public ControlClient(Path state) {
    this.file = state.resolve(ControlSocket.FILE_NAME);
  }

  /** No hub runs on this state directory. */
  public static final class NotRunningException extends IOException {
    private static final long serialVersionUID = 1L;

    NotRunningException(Path file) {
      super("nobody listens at " + file);
    }
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws NotRunningException if there is no hub to ask
   * @throws IOException if it does not answer, or nothing that can be understood
   */
  public ControlAnswer ask(ControlRequest request) throws IOException {
    UnixDomainSocketAddress address = SocketPath.of(file);
    try (var connection = new LineConnection(connect(address), PATIENCE, MAX_ANSWER_BYTES)) {
      // A hub that has too many to talk to says so and hangs up, before it was asked anything.
      Optional<IOException> hungUp = write(connection, ControlWire.write(request));
      return connection
          .readLine()
          .flatMap(ControlWire::readAnswer)
          .orElseThrow(
              () -> hungUp.orElseGet(() -> new IOException("the hub ended before it answered")));
    }
  }

  private static Optional<IOException> write(LineConnection connection, String line) {
    try {
      connection.writeLine(line);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  private SocketChannel connect(UnixDomainSocketAddress address) throws IOException {
    try {
      return SocketChannel.open(address);
    } catch (ConnectException e) {
      throw new NotRunningException(file);
    } catch (IOException e) {
      // The JDK reports a missing file as a plain SocketException.
      if (mayLookFor(file) && Files.notExists(file)) {
        throw new NotRunningException(file);
      }
      throw e;
    }
  }

  /** In a directory of somebody else, nothing is ever there. */
  private static boolean mayLookFor(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    return directory == null || Files.notExists(directory) || Files.isExecutable(directory);
  }
}
