// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The tokens in an SQL database. */
public final class JdbcEnrolmentTokens implements EnrolmentTokens {
  private static final Table<Record> TOKEN = DSL.table(DSL.name("enrolment_token"));
  private static final Field<Long> DEVICE_ID = DSL.field(DSL.name("device_id"), SQLDataType.BIGINT);
  private static final Field<Sha256> SECRET_HASH =
      DSL.field(DSL.name("secret_hash"), SqlTypes.SHA256);
  private static final Field<Instant> CREATED_AT =
      DSL.field(DSL.name("created_at"), SqlTypes.INSTANT);
  private static final Field<Instant> EXPIRES_AT =
      DSL.field(DSL.name("expires_at"), SqlTypes.INSTANT);
  private static final Field<Integer> FAILURES =
      DSL.field(DSL.name("failures"), SQLDataType.INTEGER);
  private static final Field<Boolean> VOIDED = DSL.field(DSL.name("voided"), SqlTypes.FLAG);
  private static final Field<Sha256> BOUND_KEY = DSL.field(DSL.name("bound_key"), SqlTypes.SHA256);
  private static final Field<Long> CERTIFICATE_ID =
      DSL.field(DSL.name("certificate_id"), SQLDataType.BIGINT);
  private static final Field<Instant> USED_AT = DSL.field(DSL.name("used_at"), SqlTypes.INSTANT);

  @Override
  public void replace(
      Transaction tx, long deviceId, Sha256 secretHash, Instant createdAt, Instant expiresAt) {
    var sql = SqlTransaction.of(tx);
    sql.deleteFrom(TOKEN).where(DEVICE_ID.eq(deviceId)).execute();
    sql.insertInto(TOKEN)
        .set(DEVICE_ID, deviceId)
        .set(SECRET_HASH, secretHash)
        .set(CREATED_AT, createdAt)
        .set(EXPIRES_AT, expiresAt)
        .set(FAILURES, 0)
        .set(VOIDED, false)
        .execute();
  }

  @Override
  public Optional<TokenRecord> find(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx)
        .select(
            DEVICE_ID,
            SECRET_HASH,
            CREATED_AT,
            EXPIRES_AT,
            FAILURES,
            VOIDED,
            BOUND_KEY,
            CERTIFICATE_ID,
            USED_AT)
        .from(TOKEN)
        .where(DEVICE_ID.eq(deviceId))
        .fetchOptional(JdbcEnrolmentTokens::token);
  }

  @Override
  public int addFailure(Transaction tx, long deviceId) {
    return SqlTransaction.of(tx)
        .update(TOKEN)
        .set(FAILURES, FAILURES.plus(1))
        .where(DEVICE_ID.eq(deviceId))
        .returningResult(FAILURES)
        .fetchOptional(FAILURES)
        .orElseThrow(() -> missing(deviceId));
  }

  @Override
  public void voidToken(Transaction tx, long deviceId) {
    int rows =
        SqlTransaction.of(tx)
            .update(TOKEN)
            .set(VOIDED, true)
            .where(DEVICE_ID.eq(deviceId))
            .execute();
    checkFound(rows, deviceId);
  }

  @Override
  public void use(Transaction tx, long deviceId, Sha256 key, long certificateId, Instant at) {
    int rows =
        SqlTransaction.of(tx)
            .update(TOKEN)
            .set(BOUND_KEY, key)
            .set(CERTIFICATE_ID, certificateId)
            .set(USED_AT, at)
            .where(DEVICE_ID.eq(deviceId))
            .execute();
    checkFound(rows, deviceId);
  }

  private static void checkFound(int rows, long deviceId) {
    if (rows != 1) {
      throw missing(deviceId);
    }
  }

  private static IllegalStateException missing(long deviceId) {
    return new IllegalStateException("device " + deviceId + " has no enrolment token");
  }

  private static TokenRecord token(Record row) {
    return new TokenRecord(
        row.get(DEVICE_ID),
        row.get(SECRET_HASH),
        row.get(CREATED_AT),
        row.get(EXPIRES_AT),
        row.get(FAILURES),
        row.get(VOIDED),
        Optional.ofNullable(row.get(BOUND_KEY)),
        Optional.ofNullable(row.get(CERTIFICATE_ID)),
        Optional.ofNullable(row.get(USED_AT)));
  }
}
