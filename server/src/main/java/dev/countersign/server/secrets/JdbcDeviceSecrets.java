// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jooq.Condition;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The wrapped keys in an SQL database. */
public final class JdbcDeviceSecrets implements DeviceSecrets {
  private static final DataType<KeyId> KEY_ID =
      SQLDataType.BLOB.asConvertedDataType(
          Converter.ofNullable(byte[].class, KeyId.class, KeyId::wrap, KeyId::bytes));
  private static final DataType<KekId> KEK_ID =
      SQLDataType.VARCHAR.asConvertedDataType(
          Converter.ofNullable(String.class, KekId.class, KekId::new, KekId::hex));

  private static final Table<Record> SECRET = DSL.table(DSL.name("device_secret"));
  private static final Field<Long> DEVICE_ID = DSL.field(DSL.name("device_id"), SQLDataType.BIGINT);
  private static final Field<Integer> GENERATION =
      DSL.field(DSL.name("generation"), SQLDataType.INTEGER);
  private static final Field<KeyId> KID = DSL.field(DSL.name("kid"), KEY_ID);
  private static final Field<SecretKind> KIND =
      DSL.field(DSL.name("kind"), SqlTypes.word(SecretKind.class));
  private static final Field<SealedAlgorithm> ALGORITHM =
      DSL.field(DSL.name("algorithm"), SqlTypes.word(SealedAlgorithm.class));
  private static final Field<KekId> KEK = DSL.field(DSL.name("kek_id"), KEK_ID);
  private static final Field<byte[]> WRAPPED = DSL.field(DSL.name("wrapped"), SQLDataType.BLOB);
  private static final Field<Sha256> FINGERPRINT =
      DSL.field(DSL.name("fingerprint"), SqlTypes.SHA256);
  private static final Field<Instant> CREATED_AT =
      DSL.field(DSL.name("created_at"), SqlTypes.INSTANT);
  private static final Field<Boolean> EXPOSED = DSL.field(DSL.name("exposed"), SqlTypes.FLAG);
  private static final Field<Boolean> UNHEALED = DSL.field(DSL.name("unhealed"), SqlTypes.FLAG);
  private static final Table<Record> DEVICE = DSL.table(DSL.name("device"));
  private static final Field<Long> ID = DSL.field(DSL.name("device", "id"), SQLDataType.BIGINT);
  private static final Field<String> SERIAL =
      DSL.field(DSL.name("device", "serial"), SQLDataType.VARCHAR);
  private static final List<Field<?>> ALL =
      List.of(
          DEVICE_ID,
          GENERATION,
          KID,
          KIND,
          ALGORITHM,
          KEK,
          WRAPPED,
          FINGERPRINT,
          CREATED_AT,
          EXPOSED,
          UNHEALED);

  @Override
  public void add(Transaction tx, StoredSecret secret) {
    List<StoredSecret> live = ofDevice(tx, secret.deviceId());
    if (live.size() >= MAX_GENERATIONS
        || (!live.isEmpty() && live.getFirst().generation() >= secret.generation())) {
      throw new IllegalStateException(
          "device %d cannot have generation %d".formatted(secret.deviceId(), secret.generation()));
    }
    SqlTransaction.of(tx)
        .insertInto(SECRET)
        .set(DEVICE_ID, secret.deviceId())
        .set(GENERATION, secret.generation())
        .set(KID, secret.keyId())
        .set(KIND, secret.kind())
        .set(ALGORITHM, secret.algorithm())
        .set(KEK, secret.wrapped().kekId())
        .set(WRAPPED, secret.wrapped().bytes())
        .set(FINGERPRINT, secret.wrapped().fingerprint())
        .set(CREATED_AT, secret.createdAt())
        .set(EXPOSED, secret.exposed())
        .set(UNHEALED, secret.unhealed())
        .execute();
  }

  @Override
  public List<StoredSecret> ofDevice(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx)
        .select(ALL)
        .from(SECRET)
        .where(DEVICE_ID.eq(deviceId))
        .orderBy(GENERATION.desc())
        .fetch(JdbcDeviceSecrets::secret);
  }

  @Override
  public List<Long> devicesWith(Transaction tx, KeyId keyId, int limit) {
    return SqlTransaction.of(tx)
        .selectDistinct(DEVICE_ID)
        .from(SECRET)
        .where(KID.eq(keyId))
        .orderBy(DEVICE_ID)
        .limit(limit)
        .fetch(DEVICE_ID);
  }

  @Override
  public void forEachName(Transaction tx, BiConsumer<DeviceSerial, KeyId> action) {
    try (var rows =
        SqlTransaction.of(tx)
            .select(SERIAL, KID)
            .from(SECRET)
            .join(DEVICE)
            .on(DEVICE_ID.eq(ID))
            .fetchLazy()) {
      rows.forEach(row -> action.accept(new DeviceSerial(row.value1()), row.value2()));
    }
  }

  @Override
  public Optional<Long> deviceWithFingerprint(Transaction tx, Collection<Sha256> fingerprints) {
    return SqlTransaction.of(tx)
        .select(DEVICE_ID)
        .from(SECRET)
        .where(FINGERPRINT.in(fingerprints))
        .limit(1)
        .fetchOptional(DEVICE_ID);
  }

  @Override
  public Map<KekId, Long> countByKek(Transaction tx) {
    var counts = new HashMap<KekId, Long>();
    SqlTransaction.of(tx)
        .select(KEK, DSL.count())
        .from(SECRET)
        .groupBy(KEK)
        .forEach(row -> counts.put(row.value1(), row.value2().longValue()));
    return counts;
  }

  @Override
  public Map<SecretKind, Long> countDevices(Transaction tx) {
    var counts = new EnumMap<SecretKind, Long>(SecretKind.class);
    for (SecretKind kind : SecretKind.values()) {
      counts.put(kind, 0L);
    }
    SqlTransaction.of(tx)
        .select(KIND, DSL.countDistinct(DEVICE_ID))
        .from(SECRET)
        .groupBy(KIND)
        .forEach(row -> counts.put(row.value1(), row.value2().longValue()));
    return counts;
  }

  @Override
  public long mostDevicesOfOneFingerprint(Transaction tx) {
    Field<Integer> devices = DSL.countDistinct(DEVICE_ID);
    return SqlTransaction.of(tx)
        .select(devices)
        .from(SECRET)
        .groupBy(FINGERPRINT)
        .orderBy(devices.desc())
        .limit(1)
        .fetchOptional(devices)
        .orElse(0);
  }

  @Override
  public List<StoredSecret> wrappedUnder(Transaction tx, KekId kekId, int limit) {
    return SqlTransaction.of(tx)
        .select(ALL)
        .from(SECRET)
        .where(KEK.eq(kekId))
        .limit(limit)
        .fetch(JdbcDeviceSecrets::secret);
  }

  @Override
  public void rewrap(Transaction tx, long deviceId, int generation, WrappedKey wrapped) {
    int rows =
        SqlTransaction.of(tx)
            .update(SECRET)
            .set(KEK, wrapped.kekId())
            .set(WRAPPED, wrapped.bytes())
            .set(FINGERPRINT, wrapped.fingerprint())
            .where(is(deviceId, generation))
            .execute();
    checkFound(rows, deviceId, generation);
  }

  @Override
  public void remove(Transaction tx, long deviceId, int generation) {
    int rows = SqlTransaction.of(tx).deleteFrom(SECRET).where(is(deviceId, generation)).execute();
    checkFound(rows, deviceId, generation);
  }

  @Override
  public int removeAll(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx).deleteFrom(SECRET).where(DEVICE_ID.eq(deviceId)).execute();
  }

  private static Condition is(long deviceId, int generation) {
    return DEVICE_ID.eq(deviceId).and(GENERATION.eq(generation));
  }

  private static void checkFound(int rows, long deviceId, int generation) {
    if (rows != 1) {
      throw new IllegalStateException(
          "device %d has no generation %d".formatted(deviceId, generation));
    }
  }

  private static StoredSecret secret(Record row) {
    return new StoredSecret(
        row.get(DEVICE_ID),
        row.get(GENERATION),
        row.get(KID),
        row.get(KIND),
        row.get(ALGORITHM),
        new WrappedKey(row.get(KEK), row.get(WRAPPED), row.get(FINGERPRINT)),
        row.get(CREATED_AT),
        row.get(EXPOSED),
        row.get(UNHEALED));
  }
}
