// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The journal in memory. */
public final class InMemoryJournalStore implements JournalStore {
  private List<Row> rows = List.of();

  private record Row(OptionalLong deviceId, JournalEntry entry) {
    boolean isSame(OptionalLong device, JournalEntry other) {
      return deviceId.equals(device)
          && entry.attribution() == other.attribution()
          && entry.attempt().equals(kept(other).attempt())
          && !entry.lastAt().isBefore(other.firstAt().minus(MERGED_WITHIN));
    }
  }

  @Override
  public void add(Transaction tx, OptionalLong deviceId, JournalEntry entry) {
    var after = new ArrayList<>(rows);
    for (int i = after.size() - 1; i >= 0; i--) {
      Row row = after.get(i);
      if (row.isSame(deviceId, entry)) {
        JournalEntry before = row.entry();
        Instant last =
            before.lastAt().isAfter(entry.lastAt()) ? before.lastAt() : kept(entry.lastAt());
        after.set(
            i,
            new Row(
                deviceId,
                new JournalEntry(
                    before.firstAt(),
                    last,
                    before.count() + entry.count(),
                    before.attempt(),
                    before.attribution())));
        replace(tx, after);
        return;
      }
    }
    after.add(new Row(deviceId, kept(entry)));
    replace(tx, after);
  }

  /** Whether the key is held counts only until the entry is attributed. */
  private static JournalEntry kept(JournalEntry entry) {
    Attempt attempt = entry.attempt();
    Claim claim = attempt.claim();
    return new JournalEntry(
        kept(entry.firstAt()),
        kept(entry.lastAt()),
        entry.count(),
        new Attempt(
            attempt.listener(),
            attempt.address(),
            attempt.reason(),
            attempt.detail(),
            new Claim(
                claim.serial(),
                claim.certificate(),
                entry.attribution() == Attribution.PROVEN,
                false)),
        entry.attribution());
  }

  private static Instant kept(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }

  private void replace(Transaction tx, List<Row> after) {
    List<Row> before = rows;
    rows = List.copyOf(after);
    tx.onRollback(() -> rows = before);
  }

  @Override
  public List<JournalEntry> ofDevice(Transaction tx, long deviceId, int limit) {
    return list(row -> row.deviceId().equals(OptionalLong.of(deviceId)), limit);
  }

  @Override
  public List<JournalEntry> unattributed(Transaction tx, int limit) {
    return list(row -> row.entry().attribution() == Attribution.UNATTRIBUTED, limit);
  }

  private List<JournalEntry> list(Predicate<Row> which, int limit) {
    return newestFirst(which).stream().limit(limit).map(Row::entry).toList();
  }

  private List<Row> newestFirst(Predicate<Row> which) {
    return rows.reversed().stream()
        .filter(which)
        .sorted(Comparator.comparing((Row row) -> row.entry().lastAt()).reversed())
        .toList();
  }

  @Override
  public void trimDevice(Transaction tx, long deviceId, int maxPerAttribution) {
    for (Attribution attribution : Attribution.values()) {
      keepNewest(
          tx,
          row ->
              row.deviceId().equals(OptionalLong.of(deviceId))
                  && row.entry().attribution() == attribution,
          maxPerAttribution);
    }
  }

  @Override
  public void trim(Transaction tx, Attribution attribution, int max) {
    keepNewest(tx, row -> row.entry().attribution() == attribution, max);
  }

  private void keepNewest(Transaction tx, Predicate<Row> which, int max) {
    List<Row> gone = newestFirst(which).stream().skip(max).toList();
    replace(tx, rows.stream().filter(row -> !gone.contains(row)).toList());
  }

  @Override
  public void deleteBefore(Transaction tx, Instant cutoff) {
    replace(tx, rows.stream().filter(row -> !row.entry().lastAt().isBefore(cutoff)).toList());
  }

  /** What the database does when the device goes. */
  public void remove(Transaction tx, long deviceId) {
    replace(
        tx,
        rows.stream().filter(row -> !row.deviceId().equals(OptionalLong.of(deviceId))).toList());
  }
}
