// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.audit.AuditVerification.Broken;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The journal in an SQL database; the details of an entry are a JSON object. */
public final class JdbcAuditLog implements AuditLog {
  private static final Table<Record> AUDIT_ENTRY = DSL.table(DSL.name("audit_entry"));
  private static final Table<Record> AUDIT_HEAD = DSL.table(DSL.name("audit_head"));
  private static final Field<Long> NUMBER = DSL.field(DSL.name("number"), SQLDataType.BIGINT);
  private static final Field<Instant> AT = DSL.field(DSL.name("at"), SqlTypes.INSTANT);
  private static final Field<String> ACTOR = DSL.field(DSL.name("actor"), SQLDataType.VARCHAR);
  private static final Field<String> TYPE = DSL.field(DSL.name("type"), SQLDataType.VARCHAR);
  private static final Field<String> SUBJECT = DSL.field(DSL.name("subject"), SQLDataType.VARCHAR);
  private static final Field<String> DETAILS = DSL.field(DSL.name("details"), SQLDataType.VARCHAR);
  private static final Field<byte[]> PREVIOUS = DSL.field(DSL.name("previous"), SQLDataType.BLOB);
  private static final Field<byte[]> HASH = DSL.field(DSL.name("hash"), SQLDataType.BLOB);
  private static final Field<Integer> HEAD_ID = DSL.field(DSL.name("id"), SQLDataType.INTEGER);

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};

  @Override
  public AuditEntry append(Transaction tx, Instant at, String actor, AuditEvent event) {
    var sql = SqlTransaction.of(tx);
    var head =
        head(tx)
            .orElseThrow(() -> new DatabaseException("the noted head of the journal is missing"));
    var entry = AuditChain.next(head.value1(), Sha256.wrap(head.value2()), at, actor, event);
    sql.insertInto(AUDIT_ENTRY)
        .set(NUMBER, entry.number())
        .set(AT, entry.at())
        .set(ACTOR, entry.actor())
        .set(TYPE, entry.type())
        .set(SUBJECT, entry.subject())
        .set(DETAILS, JSON.writeValueAsString(entry.details()))
        .set(PREVIOUS, entry.previous().bytes())
        .set(HASH, entry.hash().bytes())
        .execute();
    sql.update(AUDIT_HEAD)
        .set(NUMBER, entry.number())
        .set(HASH, entry.hash().bytes())
        .where(HEAD_ID.eq(1))
        .execute();
    return entry;
  }

  private static Optional<Record2<Long, byte[]>> head(Transaction tx) {
    return SqlTransaction.of(tx)
        .select(NUMBER, HASH)
        .from(AUDIT_HEAD)
        .where(HEAD_ID.eq(1))
        .fetchOptional();
  }

  @Override
  public List<AuditEntry> list(Transaction tx, long after, int limit) {
    return select(tx, after).orderBy(NUMBER).limit(limit).fetch(JdbcAuditLog::entry);
  }

  @Override
  public Optional<Instant> lastAt(Transaction tx) {
    return SqlTransaction.of(tx)
        .select(AT)
        .from(AUDIT_ENTRY)
        .orderBy(NUMBER.desc())
        .limit(1)
        .fetchOptional(AT);
  }

  @Override
  public AuditVerification verify(Transaction tx) {
    var chain = new AuditChain();
    // Row by row: the journal may be longer than fits into memory.
    try (var rows = select(tx, Long.MIN_VALUE).orderBy(NUMBER).fetchSize(1_000).fetchLazy()) {
      for (Record row : rows) {
        Optional<String> problem = follow(chain, row);
        if (problem.isPresent()) {
          return new Broken(chain.expected(), problem.get());
        }
      }
    }
    return head(tx)
        .map(head -> chain.end(head.value1(), Sha256.wrap(head.value2())))
        .orElseGet(() -> new Broken(chain.expected(), "missing, and with it the noted head"));
  }

  private static Optional<String> follow(AuditChain chain, Record row) {
    try {
      return chain.follow(entry(row));
    } catch (DatabaseException e) {
      return Optional.of("cannot be read");
    }
  }

  private static SelectConditionStep<? extends Record> select(Transaction tx, long after) {
    return SqlTransaction.of(tx)
        .select(NUMBER, AT, ACTOR, TYPE, SUBJECT, DETAILS, PREVIOUS, HASH)
        .from(AUDIT_ENTRY)
        .where(NUMBER.gt(after));
  }

  private static AuditEntry entry(Record row) {
    try {
      Map<String, String> details = JSON.readValue(row.get(DETAILS), TEXTS);
      return new AuditEntry(
          row.get(NUMBER),
          row.get(AT),
          row.get(ACTOR),
          row.get(TYPE),
          row.get(SUBJECT),
          details,
          Sha256.wrap(row.get(PREVIOUS)),
          Sha256.wrap(row.get(HASH)));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new DatabaseException("entry " + row.get(NUMBER) + " of the journal cannot be read", e);
    }
  }
}
