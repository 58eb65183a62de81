// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * Lines over a socket, with a limit on each and on the time for each. A Unix domain socket has no
 * timeout of its own, so a selector waits. For one thread; {@link #close} may come from another.
 */
final class LineConnection implements Closeable {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Duration patience;
  private final ByteBuffer received;

  /**
   * Takes over a connected channel.
   *
   * @param patience for one line, in or out
   */
  LineConnection(SocketChannel channel, Duration patience, int maxLineBytes) throws IOException {
    this.channel = channel;
    this.patience = patience;
    this.received = ByteBuffer.allocate(maxLineBytes + 1);
    this.selector = Selector.open();
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
  }

  /**
   * The next line; empty at the end.
   *
   * @throws SocketTimeoutException if it does not come in time
   * @throws IOException also if it is longer than the limit
   */
  Optional<String> readLine() throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<String> line = takeLine();
      if (line.isPresent()) {
        return line;
      }
      if (!received.hasRemaining()) {
        throw new IOException("expected a line of at most " + (received.capacity() - 1) + " bytes");
      }
      await(SelectionKey.OP_READ, deadline);
      if (channel.read(received) < 0) {
        return Optional.empty();
      }
    }
  }

  private Optional<String> takeLine() {
    for (int i = 0; i < received.position(); i++) {
      if (received.get(i) == '\n') {
        String line = new String(received.array(), 0, i, UTF_8);
        received.flip().position(i + 1);
        received.compact();
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  /** Sends a line, which has no line end in it. */
  void writeLine(String line) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    ByteBuffer bytes = UTF_8.encode(line + "\n");
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, deadline);
      }
    }
  }

  private void await(int operation, long deadline) throws IOException {
    try {
      key.interestOps(operation);
      long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (millis <= 0 || selector.select(millis) == 0) {
        throw new SocketTimeoutException("nothing came in time");
      }
      selector.selectedKeys().clear();
    } catch (CancelledKeyException | ClosedSelectorException e) {
      throw new IOException("closed meanwhile", e);
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
