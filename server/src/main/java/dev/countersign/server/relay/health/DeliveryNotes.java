// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.server.database.Transaction;
import dev.countersign.server.relay.Diagnosis;
import dev.countersign.server.relay.Diagnosis.Position;
import dev.countersign.server.relay.Diagnosis.Sender;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Turns deliveries into counts, and keeps those that are not written yet. For one thread at a time;
 * {@link #counted} for any.
 */
final class DeliveryNotes {
  /** How long it may take until what a device had delivered is written: one row for each device. */
  private static final Duration MAY_WAIT = Duration.ofMinutes(5);

  private final NameBook names;
  private final RelayFindings findings;
  private final int maxDevices;
  private final Map<Long, SequenceTracker> trackers;
  private final Map<Long, SequenceTracker> withGaps = new HashMap<>();
  private final Map<Key, Tally> pending = new HashMap<>();
  private final List<Key> writing = new ArrayList<>();
  private final Map<Long, Instant> used = new HashMap<>();
  private final Map<FindingKind, LongAdder> counts = new EnumMap<>(FindingKind.class);

  /**
   * @param deviceId 0 for the relay in all
   */
  private record Key(long relayId, long deviceId, FindingKind kind) {
    boolean mayWait() {
      return deviceId != 0 && kind == FindingKind.DELIVERED;
    }
  }

  DeliveryNotes(RelayFindings findings, int maxDevices) {
    this.findings = findings;
    this.maxDevices = maxDevices;
    this.names = new NameBook(findings, 2 * maxDevices);
    this.trackers =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, SequenceTracker> eldest) {
            if (size() <= maxDevices) {
              return false;
            }
            withGaps.remove(eldest.getKey());
            return true;
          }
        };
    for (FindingKind kind : FindingKind.values()) {
      counts.put(kind, new LongAdder());
    }
  }

  long counted(FindingKind kind) {
    return adder(kind).sum();
  }

  private LongAdder adder(FindingKind kind) {
    LongAdder adder = counts.get(kind);
    if (adder == null) {
      throw new AssertionError("every kind has a count");
    }
    return adder;
  }

  void take(Transaction tx, RelayHealth.Note note) {
    used.merge(note.relayId(), note.at(), (a, b) -> a.isAfter(b) ? a : b);
    Diagnosis diagnosis = note.diagnosis();
    switch (diagnosis.finding()) {
      case FRESH -> {
        count(note, FindingKind.DELIVERED);
        compareNames(tx, note);
        if (!follow(note) && isLate(note)) {
          count(note, FindingKind.LATE);
        }
      }
      case DUPLICATE -> {
        count(note, FindingKind.DUPLICATED);
        compareNames(tx, note);
      }
      case REPLAYED -> count(note, FindingKind.REPLAYED);
      case LATE -> count(note, FindingKind.LATE);
      case ALTERED -> count(note, FindingKind.ALTERED);
      case UNPROVEN -> count(note, FindingKind.UNPROVEN);
      case MALFORMED -> count(note, FindingKind.MALFORMED);
      case NOT_TAKEN -> {} // that is ours
    }
  }

  private void compareNames(Transaction tx, RelayHealth.Note note) {
    note.beside()
        .device()
        .ifPresent(name -> {
          long device = note.diagnosis().device().map(Sender::deviceId).orElse(0L);
          if (device != 0 && names.isSwapped(tx, note.relayId(), name, device, note.at())) {
            count(note, FindingKind.SWAPPED);
          }
        });
  }

  /** Returns whether it was found late by its number. */
  private boolean follow(RelayHealth.Note note) {
    Diagnosis diagnosis = note.diagnosis();
    if (diagnosis.device().isEmpty() || diagnosis.position().isEmpty()) {
      return false;
    }
    long device = diagnosis.device().get().deviceId();
    Position position = diagnosis.position().get();
    SequenceTracker tracker = trackers.get(device);
    if (tracker == null) {
      trackers.put(device, new SequenceTracker(position.window(), position.sequence()));
      return false;
    }
    var losses = new ArrayList<SequenceTracker.Loss>();
    SequenceTracker.Place place =
        tracker.take(position.window(), position.sequence(), note.relayId(), note.at(), losses);
    lose(device, losses, note.at());
    if (tracker.hasGaps()) {
      withGaps.put(device, tracker);
    } else {
      withGaps.remove(device);
    }
    switch (place) {
      case NEXT -> {}
      case REORDERED -> count(note, FindingKind.REORDERED);
      case LATE -> count(note, FindingKind.LATE);
      case RESTARTED -> count(note, FindingKind.RESTARTED);
    }
    return place == SequenceTracker.Place.LATE;
  }

  private static boolean isLate(RelayHealth.Note note) {
    return note.beside()
        .sentAt()
        .filter(sent -> sent.isBefore(note.at().minus(RelayHealth.LATE_AFTER)))
        .isPresent();
  }

  /** Gives up numbers that have been missing for too long. */
  void settle(Instant now) {
    withGaps.forEach((device, tracker) -> lose(device, tracker.settle(now), now));
    withGaps.values().removeIf(tracker -> !tracker.hasGaps());
  }

  private void lose(long device, List<SequenceTracker.Loss> losses, Instant at) {
    for (SequenceTracker.Loss loss : losses) {
      count(loss.relayId(), device, FindingKind.LOST, loss.count(), at);
    }
  }

  private void count(RelayHealth.Note note, FindingKind kind) {
    long device = note.diagnosis().device().map(Sender::deviceId).orElse(0L);
    count(note.relayId(), device, kind, 1, note.at());
  }

  private void count(long relayId, long device, FindingKind kind, long times, Instant at) {
    adder(kind).add(times);
    var tally = new Tally(kind, times, at, at);
    pending.merge(new Key(relayId, 0, kind), tally, Tally::plus);
    if (device != 0) {
      pending.merge(new Key(relayId, device, kind), tally, Tally::plus);
    }
  }

  /** Whether there is something to be done without a new delivery. */
  boolean isDue(Instant now, boolean all) {
    return !withGaps.isEmpty() || pending.entrySet().stream().anyMatch(e -> isDue(e, now, all));
  }

  private boolean isDue(Map.Entry<Key, Tally> entry, Instant now, boolean all) {
    return all
        || !entry.getKey().mayWait()
        || pending.size() > maxDevices
        || !entry.getValue().firstAt().isAfter(now.minus(MAY_WAIT));
  }

  /** When relays were used last. */
  Map<Long, Instant> lastUsed() {
    return used;
  }

  void write(Transaction tx, Instant now, boolean all) {
    writing.clear();
    for (Map.Entry<Key, Tally> entry : pending.entrySet()) {
      if (isDue(entry, now, all)) {
        Key key = entry.getKey();
        findings.add(
            tx,
            key.relayId(),
            key.deviceId() == 0 ? OptionalLong.empty() : OptionalLong.of(key.deviceId()),
            entry.getValue());
        writing.add(key);
      }
    }
  }

  /** What was to be written is on disk. */
  void written() {
    writing.forEach(pending::remove);
    writing.clear();
    used.clear();
  }

  /** It is not: the counts wait for the next time, as long as there is room for them. */
  void undone() {
    writing.clear();
    names.forget();
    if (pending.size() > 2 * maxDevices) {
      pending.clear();
    }
  }
}
