// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import static dev.countersign.client.agent.StorageFailedException.storage;
import static dev.countersign.client.agent.StorageFailedException.storing;

import dev.countersign.client.DeviceApi;
import dev.countersign.client.telemetry.Message;
import dev.countersign.client.telemetry.MessageQueue;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Sends what is queued, one message at a time, each until the server has it. */
final class TelemetrySender {
  /** Waits for entries at most so long at once; nothing happens then. */
  private static final Duration ROUND = Duration.ofHours(1);

  private static final int BAD_REQUEST = 400;
  private static final int CONFLICT = 409;
  private static final int TOO_LARGE = 413;

  /** The server's window: a number this far up is above all that it remembers of a near past. */
  private static final long FIRST_SKIP = 64;

  private static final long MAX_SKIP = 1L << 40;

  private final DeviceApi client;
  private final MessageQueue queue;
  private final AgentListener listener;
  private long skip = FIRST_SKIP;

  TelemetrySender(DeviceApi client, MessageQueue queue, AgentListener listener) {
    this.client = client;
    this.queue = queue;
    this.listener = listener;
  }

  /** Sends the next message, once. What becomes of it is durable before anything else happens. */
  void round() throws IOException, ProtocolException, StorageFailedException, InterruptedException {
    Optional<Message> next = storage(() -> queue.next(ROUND));
    if (next.isPresent()) {
      send(next.get());
    }
  }

  private void send(Message message)
      throws IOException, ProtocolException, StorageFailedException, InterruptedException {
    try {
      client.send(message.body(), OptionalLong.of(message.sequence()));
    } catch (ServerRefusedException e) {
      refused(message, e);
      return;
    }
    skip = FIRST_SKIP;
    storing(() -> queue.acknowledge(message));
    listener.on(new AgentEvent.Delivered(message.sequence(), message.readings(), queue.size()));
  }

  private void refused(Message message, ServerRefusedException e)
      throws ServerRefusedException, StorageFailedException, InterruptedException {
    boolean number = e.status() == CONFLICT && e.problem().startsWith("sequence-");
    if (number) {
      Message again = storage(() -> queue.renumber(message, skip));
      listener.on(
          new AgentEvent.NumberRefused(
              message.sequence(), again.sequence(), String.valueOf(e.getMessage())));
      skip = Math.min(2 * skip, MAX_SKIP);
    } else if (e.status() == BAD_REQUEST || e.status() == TOO_LARGE) {
      // Each part alone, until it is known which it is: one bad reading must not hold up the rest.
      if (!storage(() -> queue.split(message)).isPresent()) {
        storing(() -> queue.setAside(message));
        listener.on(
            new AgentEvent.ReadingsRefused(
                message.sequence(), message.readings(), String.valueOf(e.getMessage())));
      }
    } else {
      throw e;
    }
  }
}
