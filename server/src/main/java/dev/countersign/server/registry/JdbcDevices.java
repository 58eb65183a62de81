// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The register in an SQL database. */
public final class JdbcDevices implements Devices {
  private static final Table<Record> DEVICE = DSL.table(DSL.name("device"));
  private static final Field<Long> ID = DSL.field(DSL.name("id"), SQLDataType.BIGINT);
  private static final Field<String> SERIAL = DSL.field(DSL.name("serial"), SQLDataType.VARCHAR);
  private static final Field<String> MODEL = DSL.field(DSL.name("model"), SQLDataType.VARCHAR);
  private static final Field<DeviceStatus> STATUS =
      DSL.field(DSL.name("status"), SqlTypes.word(DeviceStatus.class));
  private static final Field<Boolean> HAS_CLOCK = DSL.field(DSL.name("has_clock"), SqlTypes.FLAG);
  private static final Field<Integer> LEVEL = DSL.field(DSL.name("level"), SQLDataType.INTEGER);
  private static final Field<Integer> MINIMUM_DIRECT_LEVEL =
      DSL.field(DSL.name("minimum_level"), SQLDataType.INTEGER);
  private static final Field<Integer> MINIMUM_RELAY_LEVEL =
      DSL.field(DSL.name("minimum_relay_level"), SQLDataType.INTEGER);
  private static final Field<Integer> ENROLMENT_EPOCH =
      DSL.field(DSL.name("enrolment_epoch"), SQLDataType.INTEGER);
  private static final Field<Instant> ADDED_AT = DSL.field(DSL.name("added_at"), SqlTypes.INSTANT);
  private static final Field<Instant> LAST_SEEN =
      DSL.field(DSL.name("last_seen"), SqlTypes.INSTANT);
  private static final List<Field<?>> ALL =
      List.of(
          ID,
          SERIAL,
          MODEL,
          STATUS,
          HAS_CLOCK,
          LEVEL,
          MINIMUM_DIRECT_LEVEL,
          MINIMUM_RELAY_LEVEL,
          ENROLMENT_EPOCH,
          ADDED_AT,
          LAST_SEEN);

  @Override
  public Optional<Device> add(Transaction tx, NewDevice device, Instant at) {
    int rows =
        SqlTransaction.of(tx)
            .insertInto(DEVICE)
            .set(SERIAL, device.serial().value())
            .set(MODEL, device.model().orElse(null))
            .set(STATUS, DeviceStatus.PENDING)
            .set(HAS_CLOCK, device.hasClock())
            .set(LEVEL, 0)
            .set(MINIMUM_DIRECT_LEVEL, 0)
            .set(MINIMUM_RELAY_LEVEL, 0)
            .set(ENROLMENT_EPOCH, 0)
            .set(ADDED_AT, at)
            .onConflict(SERIAL)
            .doNothing()
            .execute();
    // Not RETURNING: jOOQ reads the row that was last inserted then, which is another one if
    // nothing was inserted now.
    return rows == 1 ? find(tx, device.serial()) : Optional.empty();
  }

  @Override
  public Optional<Device> find(Transaction tx, DeviceSerial serial) {
    return find(tx, SERIAL.eq(serial.value()));
  }

  @Override
  public Optional<Device> find(Transaction tx, long id) {
    return find(tx, ID.eq(id));
  }

  private static Optional<Device> find(Transaction tx, Condition condition) {
    return SqlTransaction.of(tx)
        .select(ALL)
        .from(DEVICE)
        .where(condition)
        .fetchOptional(JdbcDevices::device);
  }

  @Override
  public List<Device> list(
      Transaction tx, Optional<DeviceStatus> status, Optional<DeviceSerial> after, int limit) {
    return SqlTransaction.of(tx)
        .select(ALL)
        .from(DEVICE)
        .where(status.map(STATUS::eq).orElseGet(DSL::noCondition))
        .and(after.map(serial -> SERIAL.gt(serial.value())).orElseGet(DSL::noCondition))
        .orderBy(SERIAL)
        .limit(limit)
        .fetch(JdbcDevices::device);
  }

  @Override
  public void setStatus(Transaction tx, long id, DeviceStatus status) {
    int rows = SqlTransaction.of(tx).update(DEVICE).set(STATUS, status).where(ID.eq(id)).execute();
    checkFound(rows, id);
  }

  @Override
  public void enrolled(Transaction tx, long id) {
    int rows =
        SqlTransaction.of(tx)
            .update(DEVICE)
            .set(STATUS, DeviceStatus.ACTIVE)
            .set(ENROLMENT_EPOCH, ENROLMENT_EPOCH.plus(1))
            .where(ID.eq(id))
            .execute();
    checkFound(rows, id);
  }

  @Override
  public void requireLevel(Transaction tx, long id, Path path, int level) {
    Field<Integer> minimum =
        switch (path) {
          case DIRECT -> MINIMUM_DIRECT_LEVEL;
          case RELAY -> MINIMUM_RELAY_LEVEL;
        };
    int rows =
        SqlTransaction.of(tx)
            .update(DEVICE)
            .set(minimum, DSL.greatest(minimum, DSL.val(level)))
            .where(ID.eq(id))
            .execute();
    checkFound(rows, id);
  }

  @Override
  public void raiseLevel(Transaction tx, long id, Path path, int level) {
    int rows = SqlTransaction.of(tx).update(DEVICE).set(LEVEL, level).where(ID.eq(id)).execute();
    checkFound(rows, id);
    for (Path each : Path.values()) {
      requireLevel(tx, id, each, each == path ? level : Math.min(level, 1));
    }
  }

  private static void checkFound(int rows, long id) {
    if (rows != 1) {
      throw new IllegalStateException("there is no device " + id);
    }
  }

  @Override
  public void seen(Transaction tx, Map<Long, Instant> lastSeenById) {
    var sql = SqlTransaction.of(tx);
    lastSeenById.forEach((id, at) ->
        sql.update(DEVICE)
            .set(LAST_SEEN, at)
            .where(ID.eq(id))
            .and(LAST_SEEN.isNull().or(LAST_SEEN.lt(at)))
            .execute());
  }

  @Override
  public boolean remove(Transaction tx, long id) {
    return SqlTransaction.of(tx).deleteFrom(DEVICE).where(ID.eq(id)).execute() == 1;
  }

  @Override
  public long countSilent(Transaction tx, Instant since) {
    return SqlTransaction.of(tx)
        .selectCount()
        .from(DEVICE)
        .where(STATUS.eq(DeviceStatus.ACTIVE))
        .and(ADDED_AT.lt(since))
        .and(LAST_SEEN.isNull().or(LAST_SEEN.lt(since)))
        .fetchSingle()
        .value1();
  }

  @Override
  public Map<DeviceStatus, Long> count(Transaction tx) {
    var counts = new EnumMap<DeviceStatus, Long>(DeviceStatus.class);
    for (DeviceStatus status : DeviceStatus.values()) {
      counts.put(status, 0L);
    }
    SqlTransaction.of(tx)
        .select(STATUS, DSL.count())
        .from(DEVICE)
        .groupBy(STATUS)
        .forEach(row -> counts.put(row.value1(), row.value2().longValue()));
    return counts;
  }

  private static Device device(Record row) {
    return new Device(
        row.get(ID),
        new DeviceSerial(row.get(SERIAL)),
        Optional.ofNullable(row.get(MODEL)),
        row.get(STATUS),
        row.get(HAS_CLOCK),
        row.get(LEVEL),
        row.get(MINIMUM_DIRECT_LEVEL),
        row.get(MINIMUM_RELAY_LEVEL),
        row.get(ENROLMENT_EPOCH),
        row.get(ADDED_AT),
        Optional.ofNullable(row.get(LAST_SEEN)));
  }
}
