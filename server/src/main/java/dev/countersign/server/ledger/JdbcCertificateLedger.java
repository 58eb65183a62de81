// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
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
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The ledger in an SQL database. */
public final class JdbcCertificateLedger implements CertificateLedger {
  private static final Table<Record> CERTIFICATE = DSL.table(DSL.name("certificate"));
  private static final Field<Long> ID = DSL.field(DSL.name("id"), SQLDataType.BIGINT);
  private static final Field<CertificateKind> KIND =
      DSL.field(DSL.name("kind"), SqlTypes.word(CertificateKind.class));
  private static final Field<String> SUBJECT = DSL.field(DSL.name("subject"), SQLDataType.VARCHAR);
  private static final Field<String> ISSUER = DSL.field(DSL.name("issuer"), SQLDataType.VARCHAR);
  private static final Field<Sha256> FINGERPRINT =
      DSL.field(DSL.name("fingerprint"), SqlTypes.SHA256);
  private static final Field<Sha256> KEY_HASH = DSL.field(DSL.name("key_hash"), SqlTypes.SHA256);
  private static final Field<String> SERIAL_NUMBER =
      DSL.field(DSL.name("serial_number"), SQLDataType.VARCHAR);
  private static final Field<Instant> NOT_BEFORE =
      DSL.field(DSL.name("not_before"), SqlTypes.INSTANT);
  private static final Field<Instant> NOT_AFTER =
      DSL.field(DSL.name("not_after"), SqlTypes.INSTANT);
  private static final Field<Instant> ISSUED_AT =
      DSL.field(DSL.name("issued_at"), SqlTypes.INSTANT);
  private static final Field<CertificateState> STATE =
      DSL.field(DSL.name("state"), SqlTypes.word(CertificateState.class));
  private static final Field<Instant> REVOKED_AT =
      DSL.field(DSL.name("revoked_at"), SqlTypes.INSTANT);
  private static final Field<String> REVOCATION_REASON =
      DSL.field(DSL.name("revocation_reason"), SQLDataType.VARCHAR);
  private static final Field<byte[]> DER = DSL.field(DSL.name("der"), SQLDataType.BLOB);
  private static final List<Field<?>> ALL =
      List.of(
          ID,
          KIND,
          SUBJECT,
          ISSUER,
          FINGERPRINT,
          KEY_HASH,
          SERIAL_NUMBER,
          NOT_BEFORE,
          NOT_AFTER,
          ISSUED_AT,
          STATE,
          REVOKED_AT,
          REVOCATION_REASON,
          DER);
  private static final Condition USABLE =
      STATE.in(CertificateState.ISSUED, CertificateState.ACTIVE);

  @Override
  public IssuedCertificate add(Transaction tx, NewCertificate added, CertificateState initial) {
    var certificate = added.certificate();
    return SqlTransaction.of(tx)
        .insertInto(CERTIFICATE)
        .set(KIND, added.kind())
        .set(SUBJECT, added.subject())
        .set(ISSUER, added.issuer())
        .set(FINGERPRINT, Certificates.fingerprint(certificate))
        .set(KEY_HASH, Certificates.keyHash(certificate))
        .set(SERIAL_NUMBER, certificate.getSerialNumber().toString(16))
        .set(NOT_BEFORE, certificate.getNotBefore().toInstant())
        .set(NOT_AFTER, certificate.getNotAfter().toInstant())
        .set(ISSUED_AT, added.issuedAt())
        .set(STATE, initial)
        .set(DER, Certificates.der(certificate))
        .returningResult(ALL)
        .fetchSingle(JdbcCertificateLedger::certificate);
  }

  @Override
  public Optional<IssuedCertificate> find(Transaction tx, long id) {
    return select(tx, ID.eq(id)).fetchOptional(JdbcCertificateLedger::certificate);
  }

  @Override
  public Optional<IssuedCertificate> find(Transaction tx, Sha256 fingerprint) {
    return select(tx, FINGERPRINT.eq(fingerprint))
        .fetchOptional(JdbcCertificateLedger::certificate);
  }

  @Override
  public List<IssuedCertificate> withKey(Transaction tx, Sha256 keyHash) {
    return select(tx, KEY_HASH.eq(keyHash)).orderBy(ID).fetch(JdbcCertificateLedger::certificate);
  }

  @Override
  public Optional<IssuedCertificate> newest(Transaction tx, CertificateKind kind, String subject) {
    return select(tx, KIND.eq(kind))
        .and(SUBJECT.eq(subject))
        .orderBy(ID.desc())
        .limit(1)
        .fetchOptional(JdbcCertificateLedger::certificate);
  }

  @Override
  public List<IssuedCertificate> search(Transaction tx, CertificateQuery query) {
    return select(tx, ID.gt(query.afterId()))
        .and(query.kind().map(KIND::eq).orElseGet(DSL::noCondition))
        .and(query.subject().map(SUBJECT::eq).orElseGet(DSL::noCondition))
        .and(query.state().map(STATE::eq).orElseGet(DSL::noCondition))
        .and(
            query
                .expiringBefore()
                .map(end -> NOT_AFTER.lt(end).and(USABLE))
                .orElseGet(DSL::noCondition))
        .orderBy(ID)
        .limit(query.limit())
        .fetch(JdbcCertificateLedger::certificate);
  }

  private static SelectConditionStep<Record> select(Transaction tx, Condition condition) {
    return SqlTransaction.of(tx).select(ALL).from(CERTIFICATE).where(condition);
  }

  @Override
  public void activate(Transaction tx, long id) {
    var sql = SqlTransaction.of(tx);
    var activated =
        sql.update(CERTIFICATE)
            .set(STATE, CertificateState.ACTIVE)
            .where(ID.eq(id))
            .and(STATE.eq(CertificateState.ISSUED))
            .returningResult(KIND, SUBJECT)
            .fetchOptional();
    activated.ifPresent(row ->
        sql.update(CERTIFICATE)
            .set(STATE, CertificateState.RETIRED)
            .where(KIND.eq(row.value1()))
            .and(SUBJECT.eq(row.value2()))
            .and(ID.lt(id))
            .and(USABLE)
            .execute());
  }

  @Override
  public void revokeAll(
      Transaction tx, CertificateKind kind, String subject, String reason, Instant at) {
    SqlTransaction.of(tx)
        .update(CERTIFICATE)
        .set(STATE, CertificateState.REVOKED)
        .set(REVOKED_AT, at)
        .set(REVOCATION_REASON, reason)
        .where(KIND.eq(kind))
        .and(SUBJECT.eq(subject))
        .and(STATE.ne(CertificateState.REVOKED))
        .execute();
  }

  @Override
  public Map<CertificateState, Long> count(Transaction tx) {
    var counts = new EnumMap<CertificateState, Long>(CertificateState.class);
    for (CertificateState state : CertificateState.values()) {
      counts.put(state, 0L);
    }
    SqlTransaction.of(tx)
        .select(STATE, DSL.count())
        .from(CERTIFICATE)
        .groupBy(STATE)
        .forEach(row -> counts.put(row.value1(), row.value2().longValue()));
    return counts;
  }

  private static Condition liveOfDevice() {
    return KIND.eq(CertificateKind.DEVICE)
        .and(STATE.in(CertificateState.ISSUED, CertificateState.ACTIVE));
  }

  @Override
  public long countDevices(Transaction tx) {
    return SqlTransaction.of(tx)
        .select(DSL.countDistinct(SUBJECT))
        .from(CERTIFICATE)
        .where(liveOfDevice())
        .fetchSingle()
        .value1();
  }

  @Override
  public long mostDevicesOfOneKey(Transaction tx) {
    Field<Integer> devices = DSL.countDistinct(SUBJECT);
    return SqlTransaction.of(tx)
        .select(devices)
        .from(CERTIFICATE)
        .where(liveOfDevice())
        .groupBy(KEY_HASH)
        .orderBy(devices.desc())
        .limit(1)
        .fetchOptional(devices)
        .orElse(0);
  }

  private static IssuedCertificate certificate(Record row) {
    return new IssuedCertificate(
        row.get(ID),
        row.get(KIND),
        row.get(SUBJECT),
        row.get(ISSUER),
        row.get(FINGERPRINT),
        row.get(KEY_HASH),
        row.get(SERIAL_NUMBER),
        row.get(NOT_BEFORE),
        row.get(NOT_AFTER),
        row.get(ISSUED_AT),
        row.get(STATE),
        Optional.ofNullable(row.get(REVOKED_AT)),
        Optional.ofNullable(row.get(REVOCATION_REASON)),
        row.get(DER));
  }
}
