// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.server.http.ConnectionFailure.Limit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the connections of one listener, in all and by address, and says when there are too many.
 * Remembers an address only while it has a connection. Used by several event loops.
 */
final class ConnectionCensus {
  /** Changed only within {@link Map#compute}. */
  private static final class Tally {
    int connections;
    int handshakes;
  }

  private final HttpLimits.Connections limits;
  private final Map<AddressBlock, Tally> tallies = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final Map<Limit, LongAdder> refused = new EnumMap<>(Limit.class);

  ConnectionCensus(HttpLimits.Connections limits) {
    this.limits = limits;
    for (Limit limit : Limit.values()) {
      refused.put(limit, new LongAdder());
    }
  }

  /**
   * Counts a connection.
   *
   * @return what it would exceed; it is not counted then
   */
  Optional<Limit> connected(AddressBlock from) {
    if (connections.incrementAndGet() > limits.max()) {
      connections.decrementAndGet();
      return refused(Limit.CONNECTIONS);
    }
    var taken = new boolean[1];
    tallies.compute(
        from,
        (address, known) -> {
          Tally tally = known == null ? new Tally() : known;
          taken[0] = tally.connections < limits.maxPerAddress();
          tally.connections += taken[0] ? 1 : 0;
          return tally;
        });
    if (!taken[0]) {
      connections.decrementAndGet();
      return refused(Limit.CONNECTIONS_OF_ADDRESS);
    }
    return Optional.empty();
  }

  /** A counted connection ended. */
  void disconnected(AddressBlock from) {
    connections.decrementAndGet();
    tallies.computeIfPresent(from, (address, tally) -> --tally.connections == 0 ? null : tally);
  }

  /** Counts a handshake of a counted connection; as {@link #connected}. */
  Optional<Limit> handshakeBegun(AddressBlock from) {
    if (handshakes.incrementAndGet() > limits.maxHandshakes()) {
      handshakes.decrementAndGet();
      return refused(Limit.HANDSHAKES);
    }
    var taken = new boolean[1];
    tallies.computeIfPresent(
        from,
        (address, tally) -> {
          taken[0] = tally.handshakes < limits.maxHandshakesPerAddress();
          tally.handshakes += taken[0] ? 1 : 0;
          return tally;
        });
    if (!taken[0]) {
      handshakes.decrementAndGet();
      return refused(Limit.HANDSHAKES_OF_ADDRESS);
    }
    return Optional.empty();
  }

  /** A counted handshake ended, well or not; before its connection does. */
  void handshakeEnded(AddressBlock from) {
    handshakes.decrementAndGet();
    tallies.computeIfPresent(
        from,
        (address, tally) -> {
          tally.handshakes--;
          return tally;
        });
  }

  private Optional<Limit> refused(Limit limit) {
    counter(limit).increment();
    return Optional.of(limit);
  }

  private LongAdder counter(Limit limit) {
    return Objects.requireNonNull(refused.get(limit));
  }

  /** How many were turned away for this limit. */
  long refusedFor(Limit limit) {
    return counter(limit).sum();
  }

  /** Handshakes under way. */
  int handshakes() {
    return handshakes.get();
  }
}
