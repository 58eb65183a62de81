// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.impl.DefaultConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction of an SQL database.
 *
 * <p>Once a statement failed, every later one of the same work fails too. SQLite may have rolled
 * back everything by itself then (https://sqlite.org/lang_transaction.html §3), and a statement
 * after that would be committed alone.
 */
public final class SqlTransaction implements Transaction {
  private static final Logger LOG = LoggerFactory.getLogger(SqlTransaction.class);

  /** What the transaction is for. */
  enum Mode {
    READ,
    WRITE
  }

  private final Mode mode;
  private final DSLContext sql;
  private final Thread owner = Thread.currentThread();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final List<Runnable> onRollback = new ArrayList<>();
  private @Nullable DatabaseException failure;
  private boolean ended;

  SqlTransaction(Connection connection, SQLDialect dialect, Mode mode) {
    this.mode = mode;
    // Bean setters, because one of the overloads of set() names a class with annotations that are
    // not on the class path, which javac warns of.
    var configuration = new DefaultConfiguration();
    configuration.setConnection(connection);
    configuration.setSQLDialect(dialect);
    configuration.setExecuteListener(new Guard());
    this.sql = configuration.dsl();
  }

  /**
   * The SQL side of a transaction, for the stores. What fails there throws {@link
   * DatabaseException}.
   */
  public static DSLContext of(Transaction tx) {
    if (tx instanceof SqlTransaction own) {
      return own.sql();
    }
    throw new IllegalArgumentException("expected a transaction of an SQL database, got " + tx);
  }

  /** Good for this work and on its thread. */
  public DSLContext sql() {
    checkUsable();
    return sql;
  }

  @Override
  public void afterCommit(Runnable hook) {
    checkHook();
    afterCommit.add(hook);
  }

  @Override
  public void onRollback(Runnable hook) {
    checkHook();
    onRollback.add(hook);
  }

  private void checkHook() {
    checkUsable();
    if (mode == Mode.READ) {
      throw new IllegalStateException("a read has nothing to commit or to roll back");
    }
  }

  private void checkUsable() {
    if (ended || !Thread.currentThread().equals(owner)) {
      throw new IllegalStateException("a transaction is used only by its work, while it runs");
    }
  }

  /**
   * Ends the work; nothing can be done in the transaction any more.
   *
   * @throws DatabaseException if one of its statements failed
   */
  void end() {
    ended = true;
    if (failure != null) {
      throw failure;
    }
  }

  void committed() {
    afterCommit.forEach(SqlTransaction::runHook);
  }

  void rolledBack() {
    ended = true;
    onRollback.reversed().forEach(SqlTransaction::runHook);
    onRollback.clear();
  }

  /** The outcome is on disk already, so that a failing hook can only be reported. */
  private static void runHook(Runnable hook) {
    try {
      hook.run();
    } catch (RuntimeException | Error e) {
      LOG.error("bug=\"a hook of a transaction failed\"", e);
    }
  }

  /** Stands before and behind every statement. */
  private final class Guard implements ExecuteListener {
    private static final long serialVersionUID = 1L;

    @Override
    public void start(ExecuteContext context) {
      checkUsable();
      if (failure != null) {
        throw new DatabaseException("an earlier statement of this work failed", failure);
      }
    }

    @Override
    public void exception(ExecuteContext context) {
      RuntimeException cause = context.exception();
      if (cause instanceof IllegalStateException || cause instanceof DatabaseException) {
        return; // by start(): the statement did not run
      }
      if (failure == null) {
        var fault = context.sqlException();
        failure =
            SqliteFaults.fault(
                "the database refused a statement: "
                    + (fault != null ? fault.getMessage() : String.valueOf(cause)),
                cause);
      }
      context.exception(failure);
    }
  }
}
