// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The settings in an SQL database, in the form of RFC 8785. */
public final class JdbcSettingsHistory implements SettingsHistory {
  private static final Table<Record> SETTINGS_VERSION = DSL.table(DSL.name("settings_version"));
  private static final Table<Record> SETTINGS_APPLIED = DSL.table(DSL.name("settings_applied"));
  private static final Field<Long> DEVICE_ID = DSL.field(DSL.name("device_id"), SQLDataType.BIGINT);
  private static final Field<Long> VERSION = DSL.field(DSL.name("version"), SQLDataType.BIGINT);
  private static final Field<String> SETTINGS =
      DSL.field(DSL.name("settings"), SQLDataType.VARCHAR);
  private static final Field<Instant> SET_AT = DSL.field(DSL.name("set_at"), SqlTypes.INSTANT);
  private static final Field<String> SET_BY = DSL.field(DSL.name("set_by"), SQLDataType.VARCHAR);
  private static final Field<Sha256> SHA256 = DSL.field(DSL.name("sha256"), SqlTypes.SHA256);
  private static final Field<Instant> AT = DSL.field(DSL.name("at"), SqlTypes.INSTANT);

  @Override
  public Optional<SettingsVersion> current(Transaction tx, long deviceId) {
    return select(tx, deviceId)
        .orderBy(VERSION.desc())
        .limit(1)
        .fetchOptional(JdbcSettingsHistory::version);
  }

  @Override
  public Optional<SettingsVersion> find(Transaction tx, long deviceId, long version) {
    return select(tx, deviceId)
        .and(VERSION.eq(version))
        .fetchOptional(JdbcSettingsHistory::version);
  }

  @Override
  public List<SettingsVersion> list(Transaction tx, long deviceId, int limit) {
    return select(tx, deviceId)
        .orderBy(VERSION.desc())
        .limit(limit)
        .fetch(JdbcSettingsHistory::version);
  }

  private static SelectConditionStep<? extends Record> select(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx)
        .select(VERSION, SETTINGS, SET_AT, SET_BY)
        .from(SETTINGS_VERSION)
        .where(DEVICE_ID.eq(deviceId));
  }

  @Override
  public void append(Transaction tx, long deviceId, SettingsVersion added) {
    var sql = SqlTransaction.of(tx);
    long next =
        1
            + sql.select(DSL.coalesce(DSL.max(VERSION), 0L))
                .from(SETTINGS_VERSION)
                .where(DEVICE_ID.eq(deviceId))
                .fetchSingle()
                .value1();
    if (added.version() != next) {
      throw new IllegalStateException(
          "settings of device %d: expected version %d, got %d"
              .formatted(deviceId, next, added.version()));
    }
    sql.insertInto(SETTINGS_VERSION)
        .set(DEVICE_ID, deviceId)
        .set(VERSION, added.version())
        .set(SETTINGS, new String(added.settings().canonicalJson(), UTF_8))
        .set(SET_AT, added.setAt())
        .set(SET_BY, added.setBy())
        .execute();
    sql.deleteFrom(SETTINGS_VERSION)
        .where(DEVICE_ID.eq(deviceId))
        .and(VERSION.le(added.version() - MAX_VERSIONS))
        .execute();
  }

  @Override
  public void applied(Transaction tx, long deviceId, AppliedSettings receipt) {
    SqlTransaction.of(tx)
        .insertInto(SETTINGS_APPLIED)
        .set(DEVICE_ID, deviceId)
        .set(VERSION, receipt.version())
        .set(SHA256, receipt.sha256())
        .set(AT, receipt.at())
        .onConflict(DEVICE_ID)
        .doUpdate()
        .set(VERSION, receipt.version())
        .set(SHA256, receipt.sha256())
        .set(AT, receipt.at())
        .execute();
  }

  @Override
  public Optional<AppliedSettings> applied(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx)
        .select(VERSION, SHA256, AT)
        .from(SETTINGS_APPLIED)
        .where(DEVICE_ID.eq(deviceId))
        .fetchOptional(row -> new AppliedSettings(row.value1(), row.value2(), row.value3()));
  }

  private static SettingsVersion version(Record row) {
    try {
      var settings = Settings.parse(row.get(SETTINGS).getBytes(UTF_8));
      return new SettingsVersion(row.get(VERSION), settings, row.get(SET_AT), row.get(SET_BY));
    } catch (MalformedException e) {
      throw new DatabaseException("cannot read settings that were stored: " + e.getMessage(), e);
    }
  }
}
