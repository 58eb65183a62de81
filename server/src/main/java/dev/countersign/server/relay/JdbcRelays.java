// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqlTypes;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The accounts of relays in an SQL database. */
public final class JdbcRelays implements Relays {
  private static final Table<Record> RELAY = DSL.table(DSL.name("relay"));
  private static final Field<Long> ID = DSL.field(DSL.name("id"), SQLDataType.BIGINT);
  private static final Field<String> NAME = DSL.field(DSL.name("name"), SQLDataType.VARCHAR);
  private static final Field<RelayMode> MODE =
      DSL.field(DSL.name("mode"), SqlTypes.word(RelayMode.class));
  private static final Field<String> FIELD = DSL.field(DSL.name("field"), SQLDataType.VARCHAR);
  private static final Field<Boolean> ERRORS_AS_200 =
      DSL.field(DSL.name("errors_as_200"), SqlTypes.FLAG);
  private static final Field<byte[]> WRAPPED =
      DSL.field(DSL.name("wrapped_secret"), SQLDataType.BLOB);
  private static final Field<Sha256> HASH = DSL.field(DSL.name("secret_hash"), SqlTypes.SHA256);
  private static final Field<Instant> CREATED_AT =
      DSL.field(DSL.name("created_at"), SqlTypes.INSTANT);
  private static final Field<String> CREATED_BY =
      DSL.field(DSL.name("created_by"), SQLDataType.VARCHAR);
  private static final Field<Instant> FROZEN_AT =
      DSL.field(DSL.name("frozen_at"), SqlTypes.INSTANT);
  private static final Field<Instant> LAST_USED =
      DSL.field(DSL.name("last_used"), SqlTypes.INSTANT);

  @Override
  public Optional<RelayAccount> add(
      Transaction tx, NewRelay relay, RelayCredential credential, Instant at, String by) {
    int added =
        SqlTransaction.of(tx)
            .insertInto(RELAY)
            .set(NAME, relay.name())
            .set(MODE, relay.mode())
            .set(FIELD, relay.field())
            .set(ERRORS_AS_200, relay.errorsAs200())
            .set(WRAPPED, wrapped(credential))
            .set(HASH, hash(credential))
            .set(CREATED_AT, at)
            .set(CREATED_BY, by)
            .onConflictDoNothing()
            .execute();
    return added == 0
        ? Optional.empty()
        : list(tx).stream()
            .map(StoredRelay::account)
            .filter(account -> account.name().equals(relay.name()))
            .findAny();
  }

  private static byte @Nullable [] wrapped(RelayCredential credential) {
    return switch (credential) {
      case RelayCredential.Wrapped wrapped -> wrapped.bytes();
      case RelayCredential.Hashed _ -> null;
    };
  }

  private static @Nullable Sha256 hash(RelayCredential credential) {
    return switch (credential) {
      case RelayCredential.Wrapped _ -> null;
      case RelayCredential.Hashed hashed -> hashed.hash();
    };
  }

  @Override
  public List<StoredRelay> list(Transaction tx) {
    return SqlTransaction.of(tx)
        .select(
            ID,
            NAME,
            MODE,
            FIELD,
            ERRORS_AS_200,
            WRAPPED,
            HASH,
            CREATED_AT,
            CREATED_BY,
            FROZEN_AT,
            LAST_USED)
        .from(RELAY)
        .orderBy(ID)
        .fetch(JdbcRelays::relay);
  }

  private static StoredRelay relay(Record row) {
    var account =
        new RelayAccount(
            row.get(ID),
            row.get(NAME),
            row.get(MODE),
            row.get(FIELD),
            row.get(ERRORS_AS_200),
            row.get(CREATED_AT),
            row.get(CREATED_BY),
            Optional.ofNullable(row.get(FROZEN_AT)),
            Optional.ofNullable(row.get(LAST_USED)));
    RelayCredential credential =
        switch (account.mode()) {
          case SIGNED -> new RelayCredential.Wrapped(Objects.requireNonNull(row.get(WRAPPED)));
          case STATIC -> new RelayCredential.Hashed(Objects.requireNonNull(row.get(HASH)));
        };
    return new StoredRelay(account, credential);
  }

  @Override
  public boolean setFrozen(Transaction tx, String name, Optional<Instant> at) {
    return SqlTransaction.of(tx)
            .update(RELAY)
            .set(FROZEN_AT, at.orElse(null))
            .where(NAME.eq(name))
            .execute()
        == 1;
  }

  @Override
  public void used(Transaction tx, long id, Instant at) {
    SqlTransaction.of(tx)
        .update(RELAY)
        .set(LAST_USED, at)
        .where(ID.eq(id))
        .and(LAST_USED.isNull().or(LAST_USED.lt(at)))
        .execute();
  }

  @Override
  public void rewrap(Transaction tx, long id, RelayCredential.Wrapped credential) {
    SqlTransaction.of(tx).update(RELAY).set(WRAPPED, credential.bytes()).where(ID.eq(id)).execute();
  }
}
