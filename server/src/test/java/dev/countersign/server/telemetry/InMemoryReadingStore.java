// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.DatabaseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The readings in memory, and every sequence number ever claimed. Simple on purpose. */
public final class InMemoryReadingStore implements ReadingStore {
  static final long BYTES_PER_READING = 100;
  private int deleted;

  private record Stored(long deviceId, StoredReading reading) {
    Instant arrivedAt() {
      return reading.provenance().arrivedAt();
    }
  }

  private record Enrolment(long deviceId, int epoch) {}

  private final List<Stored> readings = new ArrayList<>();
  private final Map<Enrolment, TreeMap<Long, Sha256>> claims = new HashMap<>();
  private boolean closed;

  @Override
  public synchronized CompletableFuture<RecordOutcome> record(ReadingBatch batch) {
    if (closed) {
      return CompletableFuture.failedFuture(new DatabaseException("the store is closed"));
    }
    var outcome = batch.claim().map(claim -> claim(batch, claim)).orElse(RecordOutcome.STORED);
    if (outcome == RecordOutcome.STORED) {
      var from = batch.provenance();
      var kept =
          new Provenance(
              from.keyId(),
              from.level(),
              from.listener(),
              from.arrivedAt().truncatedTo(ChronoUnit.MILLIS),
              from.sequence(),
              from.fresh());
      for (var reading : batch.readings()) {
        readings.add(new Stored(batch.deviceId(), new StoredReading(reading, kept)));
      }
      readings.sort(Comparator.comparing(Stored::arrivedAt)); // stable
    }
    return CompletableFuture.completedFuture(outcome);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Kept(SequenceClaim claim, long atMillis, byte[] answer) {}

  private final Map<Enrolment, TreeMap<Long, Kept>> exchanges = new HashMap<>();

  @Override
  public synchronized CompletableFuture<SealedOutcome> commit(SealedCommit commit) {
    if (closed) {
      return CompletableFuture.failedFuture(new DatabaseException("the store is closed"));
    }
    SealedOutcome judged =
        judge(
            commit.deviceId(),
            commit.series(),
            commit.claim(),
            commit.atMillis(),
            commit.expectsWindow());
    if (!(judged instanceof SealedOutcome.Free)) {
      return CompletableFuture.completedFuture(judged);
    }
    RecordOutcome stored =
        commit.readings().map(batch -> record(batch).join()).orElse(RecordOutcome.STORED);
    byte[] answer =
        stored == RecordOutcome.STORED || stored == RecordOutcome.DUPLICATE
            ? commit.answer()
            : commit.answerIfRefused();
    if (commit.closesBelow()) {
      long sequence = commit.claim().sequence();
      var used =
          exchanges.computeIfAbsent(
              new Enrolment(commit.deviceId(), commit.series()), _ -> new TreeMap<>());
      for (long below = Math.max(1, sequence - WINDOW + 1); below < sequence; below++) {
        used.putIfAbsent(
            below,
            new Kept(
                new SequenceClaim(below, SequenceClaim.NO_BODY), Long.MIN_VALUE / 2, new byte[0]));
      }
    }
    exchanges
        .computeIfAbsent(new Enrolment(commit.deviceId(), commit.series()), _ -> new TreeMap<>())
        .put(commit.claim().sequence(), new Kept(commit.claim(), commit.atMillis(), answer));
    return CompletableFuture.completedFuture(new SealedOutcome.Committed(answer));
  }

  @Override
  public synchronized CompletableFuture<SealedOutcome> look(
      long deviceId, int series, SequenceClaim claim, long atMillis, boolean expectsWindow) {
    return CompletableFuture.completedFuture(
        judge(deviceId, series, claim, atMillis, expectsWindow));
  }

  private SealedOutcome judge(
      long deviceId, int series, SequenceClaim claim, long atMillis, boolean expectsWindow) {
    var used = exchanges.getOrDefault(new Enrolment(deviceId, series), new TreeMap<>());
    if (expectsWindow && used.isEmpty()) {
      return new SealedOutcome.WindowLost();
    }
    long highest = used.isEmpty() ? 0 : used.lastKey();
    Kept kept = used.get(claim.sequence());
    if (claim.sequence() <= highest - WINDOW) {
      return new SealedOutcome.BelowWindow();
    } else if (kept == null) {
      return new SealedOutcome.Free(highest);
    } else if (!kept.claim().equals(claim)) {
      return new SealedOutcome.Replayed(false);
    }
    return atMillis - kept.atMillis() <= ANSWERS_KEPT.toMillis()
        ? new SealedOutcome.Duplicate(kept.answer())
        : new SealedOutcome.Replayed(true);
  }

  @Override
  public synchronized void deleteAnswersBefore(Instant cutoff) {
    exchanges
        .values()
        .forEach(used ->
            used.replaceAll((_, kept) ->
                kept.atMillis() < cutoff.toEpochMilli()
                    ? new Kept(kept.claim(), Long.MIN_VALUE / 2, kept.answer())
                    : kept));
  }

  private RecordOutcome claim(ReadingBatch batch, SequenceClaim claim) {
    var used =
        claims.computeIfAbsent(
            new Enrolment(batch.deviceId(), batch.epoch()), _ -> new TreeMap<>());
    if (!used.isEmpty() && claim.sequence() <= used.lastKey() - WINDOW) {
      return RecordOutcome.TOO_OLD;
    }
    var before = used.putIfAbsent(claim.sequence(), claim.bodyHash());
    if (before == null) {
      return RecordOutcome.STORED;
    }
    return before.equals(claim.bodyHash()) ? RecordOutcome.DUPLICATE : RecordOutcome.CONFLICT;
  }

  @Override
  public synchronized List<StoredReading> latest(long deviceId, int limit) {
    return of(deviceId).reversed().stream().limit(limit).toList();
  }

  @Override
  public synchronized List<StoredReading> between(
      long deviceId, Instant from, Instant to, int limit) {
    return of(deviceId).stream()
        .filter(reading -> !reading.provenance().arrivedAt().isBefore(from))
        .filter(reading -> reading.provenance().arrivedAt().isBefore(to))
        .limit(limit)
        .toList();
  }

  private List<StoredReading> of(long deviceId) {
    if (closed) {
      throw new DatabaseException("the store is closed");
    }
    return readings.stream()
        .filter(stored -> stored.deviceId() == deviceId)
        .map(Stored::reading)
        .toList();
  }

  @Override
  public synchronized void remove(long deviceId) {
    readings.removeIf(stored -> stored.deviceId() == deviceId);
    claims.keySet().removeIf(enrolment -> enrolment.deviceId() == deviceId);
    exchanges.keySet().removeIf(enrolment -> enrolment.deviceId() == deviceId);
  }

  @Override
  public synchronized long deleteBefore(Instant cutoff) {
    var touched = new HashSet<Long>();
    readings.stream()
        .filter(stored -> stored.arrivedAt().isBefore(cutoff))
        .forEach(stored -> touched.add(stored.deviceId()));
    int before = readings.size();
    readings.removeIf(stored -> stored.arrivedAt().isBefore(cutoff));
    deleted += before - readings.size();
    return touched.size();
  }

  @Override
  public synchronized Optional<Instant> oldest() {
    return readings.stream().map(Stored::arrivedAt).min(Comparator.naturalOrder());
  }

  /** What is deleted takes room until {@link #compact}, as on a disk. */
  @Override
  public synchronized long bytes() {
    return (readings.size() + deleted) * BYTES_PER_READING;
  }

  @Override
  public synchronized void compact() {
    deleted = 0;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
