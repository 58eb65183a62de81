// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.server.database.SqlTransaction.Mode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * A database in one SQLite file, in WAL mode with a sync at every commit.
 *
 * <p>Writes go through {@link GroupCommit}: each work in a savepoint of its own within one
 * transaction, so that a work that throws is undone alone, and one COMMIT for all. No outcome is
 * told before that COMMIT, a refusal neither: it may rest on what a neighbour wrote. Where the
 * COMMIT fails, all of the group are undone and fail.
 */
public final class SqliteDatabase implements Database {
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

  /**
   * How much at once.
   *
   * @param readers connections for {@link #read}
   * @param readerWait how long a read waits for one
   * @param queuedWrites works that may wait; more are refused
   * @param worksPerCommit works that share a COMMIT
   */
  public record Limits(int readers, Duration readerWait, int queuedWrites, int worksPerCommit) {
    public static final Limits DEFAULT = new Limits(2, Duration.ofSeconds(5), 10_000, 1_000);
  }

  private final HikariDataSource readers;
  private final Connection connection;
  private final GroupCommit<PendingWork<?, ?>> writer;

  /** The writer thread's own: whether a work runs, as opposed to its hooks. */
  private boolean working;

  /** Set by the writer; see {@link #failure}. */
  private volatile @Nullable String failure;

  private SqliteDatabase(HikariDataSource readers, Connection connection, Limits limits) {
    this.readers = readers;
    this.connection = connection;
    this.writer =
        new GroupCommit<>(
            "database-writer",
            new GroupCommit.Limits(
                limits.queuedWrites(), Long.MAX_VALUE, limits.worksPerCommit(), Long.MAX_VALUE),
            work -> 0,
            this::commit);
  }

  /** Opens or creates the file, and brings its schema up to date. */
  public static SqliteDatabase open(Path file) {
    return open(file, Limits.DEFAULT);
  }

  /**
   * Opens or creates the file, and brings its schema up to date.
   *
   * @throws DatabaseException if it cannot be opened, or a newer version of the program wrote it
   */
  public static SqliteDatabase open(Path file, Limits limits) {
    // jOOQ prints a banner when its first class is loaded, unless these are set before.
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    Migrations.migrate(dataSource(file), file);
    HikariDataSource readers = null;
    try {
      readers = readers(file, limits);
      return new SqliteDatabase(readers, dataSource(file).getConnection(), limits);
    } catch (SQLException | RuntimeException e) {
      if (readers != null) {
        readers.close();
      }
      throw new DatabaseException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  private static SQLiteDataSource dataSource(Path file) {
    var config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    config.enforceForeignKeys(true);
    config.setGetGeneratedKeys(false);
    var source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  private static HikariDataSource readers(Path file, Limits limits) {
    var config = new HikariConfig();
    config.setPoolName("database-readers");
    config.setDataSource(dataSource(file));
    config.setConnectionInitSql("PRAGMA query_only = true");
    config.setMaximumPoolSize(limits.readers());
    config.setConnectionTimeout(limits.readerWait().toMillis());
    config.setMaxLifetime(0); // a file does not tire
    return new HikariDataSource(config);
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T read(Work<T, E> work) throws E {
    if (writer.isWriter() && working) {
      throw new IllegalStateException("a work that writes reads in its own transaction");
    }
    try (Connection reader = readers.getConnection()) {
      execute(reader, "BEGIN");
      try {
        var tx = new SqlTransaction(reader, SQLDialect.SQLITE, Mode.READ);
        T result = work.run(tx);
        tx.end();
        return result;
      } finally {
        execute(reader, "ROLLBACK");
      }
    } catch (SQLTransientConnectionException e) {
      throw new OverloadedException("no connection to read with became free in time", e);
    } catch (SQLException e) {
      throw new DatabaseException("cannot read the database: " + e.getMessage(), e);
    }
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T write(Work<T, E> work) throws E {
    if (writer.isWriter()) {
      throw new IllegalStateException("a write within a write would wait for itself");
    }
    var pending = new PendingWork<>(work);
    writer.submit(pending);
    return pending.await();
  }

  /** How many writes wait for the writer. */
  public int queuedWrites() {
    return writer.queued();
  }

  /**
   * Why the last write failed that failed for the environment's sake, if none since has shown that
   * it can be done again; see {@link #tryAgain}. Refused reads do not count.
   */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Writes something that changes nothing, so that {@link #failure} ends when its reason does. Does
   * not wait for it.
   *
   * @throws OverloadedException if too many works wait
   */
  public void tryAgain() {
    writer.submit(
        new PendingWork<Integer, RuntimeException>(tx -> {
          // Writes the first page anew, though the number stays; no table is needed for that.
          tx.afterCommit(() -> failure = null);
          return SqlTransaction.of(tx).query("PRAGMA user_version = 0").execute();
        }));
  }

  private void commit(List<PendingWork<?, ?>> group) {
    try {
      if (runAll(group)) {
        group.forEach(PendingWork::committed);
      }
    } finally {
      group.forEach(PendingWork::settle);
    }
  }

  /** Runs the group in one transaction; where that cannot be committed, all of it is lost. */
  private boolean runAll(List<PendingWork<?, ?>> group) {
    try {
      execute(connection, "BEGIN IMMEDIATE");
      for (var pending : group) {
        runInSavepoint(pending);
      }
      execute(connection, "COMMIT");
      return true;
    } catch (SQLException | RuntimeException | Error e) {
      rollBack();
      group.reversed().forEach(pending -> pending.lost(e));
      failure = String.valueOf(e.getMessage());
      return false;
    }
  }

  private void runInSavepoint(PendingWork<?, ?> pending) throws SQLException {
    execute(connection, "SAVEPOINT work");
    working = true;
    boolean good = pending.run(new SqlTransaction(connection, SQLDialect.SQLITE, Mode.WRITE));
    working = false;
    if (!good) {
      noteFault(pending.fault());
      // Fails where SQLite rolled back everything itself, as it may when the disk is full: then
      // the savepoint is gone, and with it what the neighbours wrote.
      execute(connection, "ROLLBACK TO work");
      pending.rolledBack();
    }
    execute(connection, "RELEASE work");
  }

  private void noteFault(@Nullable DatabaseException fault) {
    if (fault instanceof DiskFullException) {
      failure = String.valueOf(fault.getMessage());
    }
  }

  private void rollBack() {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      // No transaction is open: SQLite rolled back by itself. If there were another reason, the
      // next BEGIN would fail, and nothing would be taken for written.
    }
  }

  private static void execute(Connection connection, String command) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  @Override
  public void close() {
    writer.close();
    readers.close();
    try {
      connection.close();
    } catch (SQLException e) {
      throw new DatabaseException("cannot close the database: " + e.getMessage(), e);
    }
  }
}
