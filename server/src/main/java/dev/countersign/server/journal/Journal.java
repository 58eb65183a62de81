// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Devices;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes note of attempts that came to nothing, and tells about them.
 *
 * <p>{@link #note} may be called from anywhere at any rate: it counts in memory. {@link #flush}
 * finds out whom each attempt belongs to and writes it down; called about once a second.
 */
public final class Journal {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final Database database;
  private final JournalStore store;
  private final Devices devices;
  private final CertificateLedger ledger;
  private final JournalLimits limits;
  private final Clock clock;

  private final Map<Attempt, Seen> pending = new ConcurrentHashMap<>();
  // ConcurrentHashMap counts by walking; this is asked on every attempt.
  private final AtomicInteger pendingAttempts = new AtomicInteger();
  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
  private final LongAdder dropped = new LongAdder();

  /** The stores that an entry needs to find its device. */
  public record Stores(
      Database database, JournalStore journal, Devices devices, CertificateLedger ledger) {}

  /** When an attempt was seen, and how often. */
  private record Seen(Instant firstAt, Instant lastAt, long count) {
    Seen again(Instant at) {
      return new Seen(firstAt, at.isAfter(lastAt) ? at : lastAt, count + 1);
    }
  }

  /** Whom an attempt belongs to, with what is known now. */
  private record Owner(OptionalLong deviceId, Attribution attribution, Claim claim) {}

  public Journal(Stores stores, JournalLimits limits, Clock clock) {
    this.database = stores.database();
    this.store = stores.journal();
    this.devices = stores.devices();
    this.ledger = stores.ledger();
    this.limits = limits;
    this.clock = clock;
    for (Reason reason : Reason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /** Takes note of an attempt. Never waits, never fails. */
  public void note(Attempt attempt) {
    countOf(attempt.reason()).increment();
    Instant now = clock.instant();
    if (pending.computeIfPresent(attempt, (same, seen) -> seen.again(now)) != null) {
      return;
    }
    if (pendingAttempts.get() >= limits.maxPending()) {
      dropped.increment();
      return;
    }
    pending.compute(
        attempt,
        (same, seen) -> {
          if (seen != null) {
            return seen.again(now);
          }
          pendingAttempts.incrementAndGet();
          return new Seen(now, now, 1);
        });
  }

  /** How often something failed for this reason since the server began. */
  public long count(Reason reason) {
    return countOf(reason).sum();
  }

  private LongAdder countOf(Reason reason) {
    LongAdder count = counts.get(reason);
    if (count == null) {
      throw new AssertionError("every reason has a count");
    }
    return count;
  }

  /** How many attempts were counted but not written down, because too many were different. */
  public long dropped() {
    return dropped.sum();
  }

  /** Writes down what was noted. What the database does not take is dropped and counted. */
  public synchronized void flush() {
    var taken = new ArrayList<Map.Entry<Attempt, Seen>>();
    for (Attempt attempt : List.copyOf(pending.keySet())) {
      Seen seen = pending.remove(attempt);
      if (seen != null) {
        pendingAttempts.decrementAndGet();
        taken.add(Map.entry(attempt, seen));
      }
    }
    if (taken.isEmpty()) {
      return;
    }
    try {
      database.write(tx -> {
        write(tx, taken);
        return null;
      });
      taken.forEach(entry -> log(entry.getKey(), entry.getValue()));
    } catch (DatabaseException e) {
      dropped.add(taken.size());
      log.warn("journal=not_written entries={} cause={}", taken.size(), e.toString());
    }
  }

  /** For who reads logs: as bounded as the journal itself. */
  private static void log(Attempt attempt, Seen seen) {
    log.info(
        "listener={} address={} outcome=refused step={} reason={} claimed_serial={} certificate={}"
            + " count={} detail=\"{}\"",
        attempt.listener(),
        attempt.address(),
        attempt.reason().step().wireName(),
        attempt.reason().wireName(),
        attempt.claim().serial().map(DeviceSerial::value).orElse("-"),
        attempt.claim().certificate().map(Sha256::hex).orElse("-"),
        seen.count(),
        attempt.detail().replace('"', '\''));
  }

  private void write(Transaction tx, List<Map.Entry<Attempt, Seen>> taken) {
    Set<Long> touched = new HashSet<>();
    boolean strangers = false;
    for (Map.Entry<Attempt, Seen> entry : taken) {
      Attempt attempt = entry.getKey();
      Seen seen = entry.getValue();
      Owner owner = owner(tx, attempt.claim());
      var attributed =
          new Attempt(
              attempt.listener(),
              attempt.address(),
              attempt.reason(),
              attempt.detail(),
              owner.claim());
      store.add(
          tx,
          owner.deviceId(),
          new JournalEntry(
              seen.firstAt(), seen.lastAt(), seen.count(), attributed, owner.attribution()));
      owner.deviceId().ifPresent(touched::add);
      strangers |= owner.deviceId().isEmpty();
    }
    touched.forEach(deviceId -> store.trimDevice(tx, deviceId, limits.maxPerDevice()));
    if (strangers) {
      store.trim(tx, Attribution.UNATTRIBUTED, limits.maxUnattributed());
    }
  }

  /**
   * A certificate whose key the peer holds and that we issued proves its device, whatever was wrong
   * with it. Anything else is a name that somebody used.
   */
  private Owner owner(Transaction tx, Claim claim) {
    Optional<DeviceSerial> issuedTo =
        claim
            .certificate()
            .flatMap(fingerprint -> ledger.find(tx, fingerprint))
            .filter(issued -> issued.kind() == CertificateKind.DEVICE)
            .map(issued -> new DeviceSerial(issued.subject()));
    Optional<DeviceSerial> serial = issuedTo.or(claim::serial);
    boolean isProven = claim.isProven() || (issuedTo.isPresent() && claim.holdsKey());
    var known = new Claim(serial, claim.certificate(), isProven, false);
    Optional<Device> device = serial.flatMap(name -> devices.find(tx, name));
    if (device.isEmpty()) {
      return new Owner(OptionalLong.empty(), Attribution.UNATTRIBUTED, known);
    }
    return new Owner(
        OptionalLong.of(device.get().id()),
        isProven ? Attribution.PROVEN : Attribution.CLAIMED,
        known);
  }

  /** What failed for a device or in its name, the newest first; empty for an unknown device. */
  public Optional<List<JournalEntry>> ofDevice(DeviceSerial serial, int limit) {
    flush();
    return database.read(
        tx -> devices.find(tx, serial).map(device -> store.ofDevice(tx, device.id(), limit)));
  }

  /** What failed for nobody in particular, the newest first. */
  public List<JournalEntry> unattributed(int limit) {
    flush();
    return database.read(tx -> store.unattributed(tx, limit));
  }

  /** Deletes what is too old or too much. */
  public void trim() {
    database.write(tx -> {
      store.deleteBefore(tx, clock.instant().minus(limits.retention()));
      store.trim(tx, Attribution.PROVEN, limits.maxEntries());
      store.trim(tx, Attribution.CLAIMED, limits.maxEntries());
      store.trim(tx, Attribution.UNATTRIBUTED, limits.maxUnattributed());
      return null;
    });
  }
}
