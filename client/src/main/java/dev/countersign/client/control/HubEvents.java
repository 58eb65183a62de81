// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubConnection;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.HubId;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * What happens at a hub, as it happens: a WebSocket (RFC 6455) over the channel that was judged.
 * One thread asks for the next event; any thread may close it.
 */
public final class HubEvents implements AutoCloseable {
  /** The hub pings every 30 s; after two of them missing nobody is there. */
  private static final Duration SILENCE = Duration.ofSeconds(75);

  private static final Duration OPENING = Duration.ofSeconds(10);
  private static final int BUFFER_BYTES = 16 * 1024;

  /** Of the hub's own codes (docs/hub.md): this phone was removed. */
  private static final int REMOVED = 4401;

  private static final int UNAUTHORIZED = 401;

  private final HubConnection connection;
  private final HubId hub;
  private final EventSocket socket;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private volatile boolean closed;

  private HubEvents(HubConnection connection, HubId hub, EventSocket socket) {
    this.connection = connection;
    this.hub = hub;
    this.socket = socket;
  }

  static HubEvents open(HubConnection connection, HubAddress address, HubId hub)
      throws IOException, ProtocolException {
    var events = new HubEvents(connection, hub, EventSocket.begin(address, "/v1/events"));
    connection.channel().expectWithin(OPENING);
    events.send();
    while (!events.socket.wasOpen() && !events.socket.isClosed()) {
      events.read();
    }
    if (!events.socket.wasOpen()) {
      throw events.refusal();
    }
    return events;
  }

  /** The status of an answer that is no upgrade is the only thing of it that counts. */
  private ProtocolException refusal() {
    return socket.answeredStatus() == UNAUTHORIZED
        ? new RemovedFromHubException(hub)
        : new MalformedException(
            "events", "expected a WebSocket (RFC 6455), got: " + socket.closeReason());
  }

  /**
   * The next event, when there is one.
   *
   * @throws RemovedFromHubException if the hub closed because it does not know this phone any more
   * @throws IOException if the connection has ended; open another
   */
  public HubEvent next() throws IOException, ProtocolException {
    while (true) {
      Optional<String> text = socket.poll();
      if (text.isPresent()) {
        Optional<HubEvent> event = HubEvent.parse(text.get());
        if (event.isPresent()) {
          return event.get();
        }
      } else if (socket.isClosed()) {
        throw ended();
      } else {
        connection.channel().expectWithin(SILENCE);
        read();
      }
    }
  }

  private IOException ended() throws ProtocolException {
    connection.close();
    if (socket.closeCode() == REMOVED) {
      throw new RemovedFromHubException(hub);
    }
    return new EOFException(
        closed ? "closed" : "the hub ended the events: " + socket.closeReason());
  }

  private void read() throws IOException {
    int count = connection.channel().in().read(buffer);
    if (count < 0) {
      socket.ended();
    } else {
      socket.received(ByteBuffer.wrap(buffer, 0, count));
    }
    send();
  }

  private void send() throws IOException {
    for (Optional<byte[]> next = socket.toSend(); next.isPresent(); next = socket.toSend()) {
      connection.channel().out().write(next.get());
    }
    connection.channel().out().flush();
  }

  @Override
  public void close() {
    closed = true;
    connection.close();
  }
}
