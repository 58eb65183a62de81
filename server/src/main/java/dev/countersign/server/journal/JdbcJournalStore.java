// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The journal in an SQL database. */
public final class JdbcJournalStore implements JournalStore {
  private static final Table<Record> JOURNAL = DSL.table(DSL.name("journal"));
  private static final Field<Long> ID = DSL.field(DSL.name("id"), SQLDataType.BIGINT);
  private static final Field<Long> DEVICE_ID = DSL.field(DSL.name("device_id"), SQLDataType.BIGINT);
  private static final Field<Attribution> ATTRIBUTION =
      DSL.field(DSL.name("attribution"), SqlTypes.word(Attribution.class));
  private static final Field<Instant> FIRST_AT = DSL.field(DSL.name("first_at"), SqlTypes.INSTANT);
  private static final Field<Instant> LAST_AT = DSL.field(DSL.name("last_at"), SqlTypes.INSTANT);
  private static final Field<Long> COUNT = DSL.field(DSL.name("count"), SQLDataType.BIGINT);
  private static final Field<String> LISTENER =
      DSL.field(DSL.name("listener"), SQLDataType.VARCHAR);
  private static final Field<String> ADDRESS = DSL.field(DSL.name("address"), SQLDataType.VARCHAR);
  private static final Field<Reason> REASON =
      DSL.field(DSL.name("reason"), SqlTypes.word(Reason.class));
  private static final Field<String> DETAIL = DSL.field(DSL.name("detail"), SQLDataType.VARCHAR);
  private static final Field<String> SERIAL = DSL.field(DSL.name("serial"), SQLDataType.VARCHAR);
  private static final Field<Sha256> CERTIFICATE =
      DSL.field(DSL.name("certificate"), SqlTypes.SHA256);

  @Override
  public void add(Transaction tx, OptionalLong deviceId, JournalEntry entry) {
    var sql = SqlTransaction.of(tx);
    Attempt attempt = entry.attempt();
    @Nullable Long device = deviceId.isPresent() ? deviceId.getAsLong() : null;
    Optional<Long> same =
        sql.select(ID)
            .from(JOURNAL)
            .where(DEVICE_ID.isNotDistinctFrom(device))
            .and(ATTRIBUTION.eq(entry.attribution()))
            .and(LAST_AT.ge(entry.firstAt().minus(MERGED_WITHIN)))
            .and(REASON.eq(attempt.reason()))
            .and(ADDRESS.eq(attempt.address()))
            .and(LISTENER.eq(attempt.listener()))
            .and(DETAIL.eq(attempt.detail()))
            .and(SERIAL.isNotDistinctFrom(serial(attempt)))
            .and(CERTIFICATE.isNotDistinctFrom(attempt.claim().certificate().orElse(null)))
            .orderBy(LAST_AT.desc())
            .limit(1)
            .fetchOptional(ID);
    if (same.isPresent()) {
      sql.update(JOURNAL)
          .set(COUNT, COUNT.plus(entry.count()))
          .set(LAST_AT, DSL.greatest(LAST_AT, DSL.val(entry.lastAt(), SqlTypes.INSTANT)))
          .where(ID.eq(same.get()))
          .execute();
      return;
    }
    sql.insertInto(JOURNAL)
        .set(DEVICE_ID, device)
        .set(ATTRIBUTION, entry.attribution())
        .set(FIRST_AT, entry.firstAt())
        .set(LAST_AT, entry.lastAt())
        .set(COUNT, entry.count())
        .set(LISTENER, attempt.listener())
        .set(ADDRESS, attempt.address())
        .set(REASON, attempt.reason())
        .set(DETAIL, attempt.detail())
        .set(SERIAL, serial(attempt))
        .set(CERTIFICATE, attempt.claim().certificate().orElse(null))
        .execute();
  }

  private static @Nullable String serial(Attempt attempt) {
    return attempt.claim().serial().map(DeviceSerial::value).orElse(null);
  }

  @Override
  public List<JournalEntry> ofDevice(Transaction tx, long deviceId, int limit) {
    return list(tx, DEVICE_ID.eq(deviceId), limit);
  }

  @Override
  public List<JournalEntry> unattributed(Transaction tx, int limit) {
    return list(tx, ATTRIBUTION.eq(Attribution.UNATTRIBUTED), limit);
  }

  private static List<JournalEntry> list(Transaction tx, Condition which, int limit) {
    return SqlTransaction.of(tx)
        .select(
            ATTRIBUTION,
            FIRST_AT,
            LAST_AT,
            COUNT,
            LISTENER,
            ADDRESS,
            REASON,
            DETAIL,
            SERIAL,
            CERTIFICATE)
        .from(JOURNAL)
        .where(which)
        .orderBy(LAST_AT.desc(), ID.desc())
        .limit(limit)
        .fetch(JdbcJournalStore::entry);
  }

  private static JournalEntry entry(Record row) {
    var claim =
        new Claim(
            Optional.ofNullable(row.get(SERIAL)).map(DeviceSerial::new),
            Optional.ofNullable(row.get(CERTIFICATE)),
            row.get(ATTRIBUTION) == Attribution.PROVEN,
            false);
    return new JournalEntry(
        row.get(FIRST_AT),
        row.get(LAST_AT),
        row.get(COUNT),
        new Attempt(row.get(LISTENER), row.get(ADDRESS), row.get(REASON), row.get(DETAIL), claim),
        row.get(ATTRIBUTION));
  }

  @Override
  public void trimDevice(Transaction tx, long deviceId, int maxPerAttribution) {
    for (Attribution attribution : Attribution.values()) {
      keepNewest(tx, DEVICE_ID.eq(deviceId).and(ATTRIBUTION.eq(attribution)), maxPerAttribution);
    }
  }

  @Override
  public void trim(Transaction tx, Attribution attribution, int max) {
    keepNewest(tx, ATTRIBUTION.eq(attribution), max);
  }

  private static void keepNewest(Transaction tx, Condition which, int max) {
    var sql = SqlTransaction.of(tx);
    sql.select(LAST_AT, ID)
        .from(JOURNAL)
        .where(which)
        .orderBy(LAST_AT.desc(), ID.desc())
        .limit(1)
        .offset(max)
        .fetchOptional()
        .ifPresent(first ->
            sql.deleteFrom(JOURNAL)
                .where(which)
                .and(
                    LAST_AT
                        .lt(first.value1())
                        .or(LAST_AT.eq(first.value1()).and(ID.le(first.value2()))))
                .execute());
  }

  @Override
  public void deleteBefore(Transaction tx, Instant cutoff) {
    SqlTransaction.of(tx).deleteFrom(JOURNAL).where(LAST_AT.lt(cutoff)).execute();
  }
}
