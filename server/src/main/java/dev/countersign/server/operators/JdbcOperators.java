// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.operators;

import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The operators in an SQL database. */
public final class JdbcOperators implements Operators {
  private static final Table<Record> OPERATOR = DSL.table(DSL.name("operator"));
  private static final Field<Long> ID = DSL.field(DSL.name("id"), SQLDataType.BIGINT);
  private static final Field<String> NAME = DSL.field(DSL.name("name"), SQLDataType.VARCHAR);
  private static final Field<Instant> ADDED_AT = DSL.field(DSL.name("added_at"), SqlTypes.INSTANT);
  private static final Field<String> ADDED_BY =
      DSL.field(DSL.name("added_by"), SQLDataType.VARCHAR);
  private static final Field<Instant> REMOVED_AT =
      DSL.field(DSL.name("removed_at"), SqlTypes.INSTANT);

  @Override
  public boolean add(Transaction tx, String name, Instant at, String by) {
    return SqlTransaction.of(tx)
            .insertInto(OPERATOR)
            .set(NAME, name)
            .set(ADDED_AT, at)
            .set(ADDED_BY, by)
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  @Override
  public Optional<Operator> find(Transaction tx, String name) {
    return select(tx, live(name)).fetchOptional(JdbcOperators::operator);
  }

  @Override
  public List<Operator> list(Transaction tx) {
    return select(tx, DSL.noCondition()).orderBy(ID).fetch(JdbcOperators::operator);
  }

  private static SelectConditionStep<? extends Record> select(Transaction tx, Condition condition) {
    return SqlTransaction.of(tx)
        .select(NAME, ADDED_AT, ADDED_BY, REMOVED_AT)
        .from(OPERATOR)
        .where(condition);
  }

  @Override
  public boolean remove(Transaction tx, String name, Instant at) {
    return SqlTransaction.of(tx).update(OPERATOR).set(REMOVED_AT, at).where(live(name)).execute()
        == 1;
  }

  private static Condition live(String name) {
    return NAME.eq(name).and(REMOVED_AT.isNull());
  }

  private static Operator operator(Record row) {
    return new Operator(
        row.get(NAME),
        row.get(ADDED_AT),
        row.get(ADDED_BY),
        Optional.ofNullable(row.get(REMOVED_AT)));
  }
}
