// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.relay.AuthenticatedRelay;
import dev.countersign.server.relay.Diagnosis;
import dev.countersign.server.relay.RelayAccount;
import dev.countersign.server.relay.RelayAccounts;
import dev.countersign.server.relay.RelayNotes;
import dev.countersign.server.relay.Relays;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes note of what became of deliveries, and tells how relays are doing.
 *
 * <p>{@link #note} may be called from anywhere at any rate: it puts a note into a bounded queue.
 * {@link #flush} works through it and writes down the counts; called about once a second. What was
 * not written when the process is killed is not counted, and numbers that went missing over a
 * restart are not seen as lost: this is for judging relays, not for protecting messages.
 */
public final class RelayHealth {
  /** How long a message may be on its way; a device gives up waiting for its answer then. */
  public static final Duration LATE_AFTER = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(RelayHealth.class);

  private final Database database;
  private final Relays relays;
  private final RelayFindings findings;
  private final RelayAccounts accounts;
  private final Clock clock;
  private final BlockingQueue<Note> queue;
  private final LongAdder dropped = new LongAdder();
  private final DeliveryNotes notes;

  /** One delivery and what became of it. */
  record Note(long relayId, Diagnosis diagnosis, RelayNotes beside, Instant at) {}

  /** The stores behind it. */
  public record Stores(Database database, Relays relays, RelayFindings findings) {}

  /**
   * Nothing was seen yet.
   *
   * @param maxQueued deliveries between two flushes; more are not counted
   * @param maxDevices of how many the numbers are followed
   */
  public RelayHealth(
      Stores stores, RelayAccounts accounts, Clock clock, int maxQueued, int maxDevices) {
    this.database = stores.database();
    this.relays = stores.relays();
    this.findings = stores.findings();
    this.accounts = accounts;
    this.clock = clock;
    this.queue = new ArrayBlockingQueue<>(maxQueued);
    this.notes = new DeliveryNotes(findings, maxDevices);
  }

  /** Takes note of a delivery. Never waits, never fails. */
  public void note(AuthenticatedRelay relay, Diagnosis diagnosis, RelayNotes beside, Instant at) {
    if (!queue.offer(new Note(relay.id(), diagnosis, beside, at))) {
      dropped.increment();
    }
  }

  /** How many deliveries were not counted, because too many came at once. */
  public long dropped() {
    return dropped.sum();
  }

  /** How often something was found since the server began, of all relays. */
  public long count(FindingKind kind) {
    return notes.counted(kind);
  }

  /** Writes down what was noted, except what can wait. */
  public void flush() {
    flush(false);
  }

  /** Writes down all that was noted. */
  public void flushAll() {
    flush(true);
  }

  private synchronized void flush(boolean all) {
    var taken = new ArrayDeque<Note>();
    queue.drainTo(taken);
    Instant now = clock.instant();
    if (taken.isEmpty() && !notes.isDue(now, all)) {
      return;
    }
    try {
      database.write(tx -> {
        for (Note note = taken.poll(); note != null; note = taken.poll()) {
          notes.take(tx, note);
        }
        notes.settle(now);
        notes.lastUsed().forEach((relayId, at) -> relays.used(tx, relayId, at));
        notes.write(tx, now, all);
        return null;
      });
      notes.written();
    } catch (DatabaseException e) {
      // What was counted waits for the next time; what was not even looked at is lost.
      dropped.add(taken.size());
      notes.undone();
      log.warn("relay_health=not_written dropped={} cause={}", taken.size(), e.toString());
    }
  }

  /** How a relay is doing; empty if there is none of this name. */
  public Optional<RelayReport> report(String name) {
    return accounts.find(name).map(account -> reports(List.of(account)).getFirst());
  }

  /** How all relays are doing. */
  public List<RelayReport> reports() {
    return reports(accounts.list());
  }

  private List<RelayReport> reports(List<RelayAccount> of) {
    flush();
    Instant now = clock.instant();
    return database.read(tx ->
        of.stream().map(account -> RelayReport.of(account, tallies(tx, account), now)).toList());
  }

  private List<Tally> tallies(Transaction tx, RelayAccount account) {
    return findings.ofRelay(tx, account.id());
  }

  /**
   * The devices of which something came through a relay.
   *
   * @param since only those of which something came at or after this
   * @return by serial, at most so many that follow this serial
   */
  public List<DeviceTally> devices(
      RelayAccount account, Instant since, String afterSerial, int limit) {
    flushAll();
    return database.read(tx -> findings.ofDevices(tx, account.id(), since, afterSerial, limit));
  }

  /** One device through a relay; empty if nothing of it came. */
  public Optional<DeviceTally> device(RelayAccount account, DeviceSerial serial) {
    flushAll();
    return database.read(tx -> findings.ofDevice(tx, account.id(), serial));
  }
}
