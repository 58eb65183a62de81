// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** What was found of relays, in an SQL database. */
public final class JdbcRelayFindings implements RelayFindings {
  private static final Table<Record> FINDING = DSL.table(DSL.name("relay_finding"));
  private static final Table<Record> NAMES = DSL.table(DSL.name("relay_device_name"));
  private static final Table<Record> DEVICE = DSL.table(DSL.name("device"));
  private static final Field<Long> RELAY_ID = DSL.field(DSL.name("relay_id"), SQLDataType.BIGINT);
  private static final Field<Long> DEVICE_ID = DSL.field(DSL.name("device_id"), SQLDataType.BIGINT);
  private static final Field<FindingKind> KIND =
      DSL.field(DSL.name("kind"), SqlTypes.word(FindingKind.class));
  private static final Field<Long> COUNT = DSL.field(DSL.name("count"), SQLDataType.BIGINT);
  private static final Field<Instant> FIRST_AT = DSL.field(DSL.name("first_at"), SqlTypes.INSTANT);
  private static final Field<Instant> LAST_AT = DSL.field(DSL.name("last_at"), SqlTypes.INSTANT);
  private static final Field<String> NAME = DSL.field(DSL.name("name"), SQLDataType.VARCHAR);
  private static final Field<Instant> LEARNED_AT =
      DSL.field(DSL.name("learned_at"), SqlTypes.INSTANT);
  private static final Field<Long> ID = DSL.field(DSL.name("device", "id"), SQLDataType.BIGINT);
  private static final Field<String> SERIAL =
      DSL.field(DSL.name("device", "serial"), SQLDataType.VARCHAR);

  @Override
  public void add(Transaction tx, long relayId, OptionalLong deviceId, Tally tally) {
    if (deviceId.isPresent() && !isThere(tx, deviceId.getAsLong())) {
      return;
    }
    var sql = SqlTransaction.of(tx);
    Condition same =
        RELAY_ID
            .eq(relayId)
            .and(KIND.eq(tally.kind()))
            .and(deviceId.isPresent() ? DEVICE_ID.eq(deviceId.getAsLong()) : DEVICE_ID.isNull());
    int updated =
        sql.update(FINDING)
            .set(COUNT, COUNT.plus(tally.count()))
            .set(FIRST_AT, DSL.least(FIRST_AT, DSL.val(tally.firstAt(), SqlTypes.INSTANT)))
            .set(LAST_AT, DSL.greatest(LAST_AT, DSL.val(tally.lastAt(), SqlTypes.INSTANT)))
            .where(same)
            .execute();
    if (updated == 0) {
      @Nullable Long device = deviceId.isPresent() ? deviceId.getAsLong() : null;
      sql.insertInto(FINDING)
          .set(RELAY_ID, relayId)
          .set(DEVICE_ID, device)
          .set(KIND, tally.kind())
          .set(COUNT, tally.count())
          .set(FIRST_AT, tally.firstAt())
          .set(LAST_AT, tally.lastAt())
          .execute();
    }
  }

  private static boolean isThere(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx).fetchExists(DEVICE, ID.eq(deviceId));
  }

  @Override
  public List<Tally> ofRelay(Transaction tx, long relayId) {
    return sorted(
        SqlTransaction.of(tx)
            .select(KIND, COUNT, FIRST_AT, LAST_AT)
            .from(FINDING)
            .where(RELAY_ID.eq(relayId))
            .and(DEVICE_ID.isNull())
            .fetch(JdbcRelayFindings::tally));
  }

  @Override
  public List<DeviceTally> ofDevices(
      Transaction tx, long relayId, Instant since, String afterSerial, int limit) {
    Result<Record2<Long, String>> devices =
        SqlTransaction.of(tx)
            .selectDistinct(ID, SERIAL)
            .from(FINDING)
            .join(DEVICE)
            .on(ID.eq(DEVICE_ID))
            .where(RELAY_ID.eq(relayId))
            .and(LAST_AT.ge(since))
            .and(SERIAL.gt(afterSerial))
            .orderBy(SERIAL)
            .limit(limit)
            .fetch();
    var found = new ArrayList<DeviceTally>();
    for (Record2<Long, String> device : devices) {
      found.add(
          new DeviceTally(
              new DeviceSerial(device.value2()), tallies(tx, relayId, device.value1())));
    }
    return List.copyOf(found);
  }

  private static List<Tally> tallies(Transaction tx, long relayId, long deviceId) {
    return sorted(
        SqlTransaction.of(tx)
            .select(KIND, COUNT, FIRST_AT, LAST_AT)
            .from(FINDING)
            .where(RELAY_ID.eq(relayId))
            .and(DEVICE_ID.eq(deviceId))
            .fetch(JdbcRelayFindings::tally));
  }

  @Override
  public Optional<DeviceTally> ofDevice(Transaction tx, long relayId, DeviceSerial serial) {
    return SqlTransaction.of(tx)
        .select(ID)
        .from(DEVICE)
        .where(SERIAL.eq(serial.value()))
        .fetchOptional(ID)
        .map(id -> new DeviceTally(serial, tallies(tx, relayId, id)))
        .filter(device -> !device.tallies().isEmpty());
  }

  private static Tally tally(Record row) {
    return new Tally(row.get(KIND), row.get(COUNT), row.get(FIRST_AT), row.get(LAST_AT));
  }

  private static List<Tally> sorted(List<Tally> tallies) {
    return tallies.stream().sorted(Comparator.comparing(Tally::kind)).toList();
  }

  @Override
  public OptionalLong deviceNamed(Transaction tx, long relayId, String name) {
    Optional<Long> device =
        SqlTransaction.of(tx)
            .select(DEVICE_ID)
            .from(NAMES)
            .where(RELAY_ID.eq(relayId))
            .and(NAME.eq(name))
            .fetchOptional(DEVICE_ID);
    return device.isPresent() ? OptionalLong.of(device.get()) : OptionalLong.empty();
  }

  @Override
  public int countNames(Transaction tx, long relayId, long deviceId) {
    return SqlTransaction.of(tx)
        .fetchCount(NAMES, RELAY_ID.eq(relayId).and(DEVICE_ID.eq(deviceId)));
  }

  @Override
  public void learn(Transaction tx, long relayId, String name, long deviceId, Instant at) {
    if (!isThere(tx, deviceId)) {
      return;
    }
    var sql = SqlTransaction.of(tx);
    sql.deleteFrom(NAMES).where(RELAY_ID.eq(relayId)).and(NAME.eq(name)).execute();
    sql.insertInto(NAMES)
        .set(RELAY_ID, relayId)
        .set(NAME, name)
        .set(DEVICE_ID, deviceId)
        .set(LEARNED_AT, at)
        .execute();
  }
}
