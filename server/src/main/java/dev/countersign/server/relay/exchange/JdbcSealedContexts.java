// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.keys.KeyId;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The contexts in an SQL database. */
public final class JdbcSealedContexts implements SealedContexts {
  private static final Table<Record> CONTEXT = DSL.table(DSL.name("sealed_context"));
  private static final Table<Record> USED = DSL.table(DSL.name("used_key_id"));
  private static final Field<byte[]> KID = DSL.field(DSL.name("kid"), SQLDataType.BLOB);
  private static final Field<Long> DEVICE_ID = DSL.field(DSL.name("device_id"), SQLDataType.BIGINT);
  private static final Field<Integer> GENERATION =
      DSL.field(DSL.name("generation"), SQLDataType.INTEGER);
  private static final Field<Integer> LEVEL = DSL.field(DSL.name("level"), SQLDataType.INTEGER);
  private static final Field<Integer> SERIES = DSL.field(DSL.name("series"), SQLDataType.INTEGER);
  private static final Field<byte[]> ID_CONTEXT =
      DSL.field(DSL.name("id_context"), SQLDataType.BLOB);
  private static final Field<Boolean> ESTABLISHED =
      DSL.field(DSL.name("established"), SqlTypes.FLAG);
  private static final Field<Boolean> MUST_RESYNC =
      DSL.field(DSL.name("must_resync"), SqlTypes.FLAG);
  private static final Field<Instant> CREATED_AT =
      DSL.field(DSL.name("created_at"), SqlTypes.INSTANT);

  @Override
  public List<SealedContext> ofDevice(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx)
        .select(DEVICE_ID, GENERATION, LEVEL, SERIES, ID_CONTEXT, ESTABLISHED, MUST_RESYNC)
        .from(CONTEXT)
        .where(DEVICE_ID.eq(deviceId))
        .fetch(row ->
            new SealedContext(
                row.get(DEVICE_ID),
                row.get(GENERATION),
                row.get(LEVEL),
                row.get(SERIES),
                row.get(ID_CONTEXT),
                row.get(ESTABLISHED),
                row.get(MUST_RESYNC)));
  }

  @Override
  public void put(Transaction tx, SealedContext context, Instant at) {
    SqlTransaction.of(tx)
        .deleteFrom(CONTEXT)
        .where(DEVICE_ID.eq(context.deviceId()))
        .and(GENERATION.eq(context.generation()))
        .and(LEVEL.eq(context.level()))
        .execute();
    SqlTransaction.of(tx)
        .insertInto(CONTEXT)
        .set(DEVICE_ID, context.deviceId())
        .set(GENERATION, context.generation())
        .set(LEVEL, context.level())
        .set(SERIES, context.series())
        .set(ID_CONTEXT, context.idContext().orElse(null))
        .set(ESTABLISHED, context.isEstablished())
        .set(MUST_RESYNC, context.mustResync())
        .set(CREATED_AT, at)
        .execute();
  }

  @Override
  public boolean wasUsed(Transaction tx, KeyId keyId) {
    return SqlTransaction.of(tx).fetchExists(USED, KID.eq(keyId.bytes()));
  }

  @Override
  public void removeBefore(Transaction tx, long deviceId, int generation) {
    SqlTransaction.of(tx)
        .deleteFrom(CONTEXT)
        .where(DEVICE_ID.eq(deviceId))
        .and(GENERATION.lt(generation))
        .execute();
  }

  @Override
  public int requireResync(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx)
        .update(CONTEXT)
        .set(MUST_RESYNC, true)
        .where(DEVICE_ID.eq(deviceId))
        .execute();
  }

  @Override
  public int requireResync(Transaction tx) {
    return SqlTransaction.of(tx).update(CONTEXT).set(MUST_RESYNC, true).execute();
  }
}
