// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest extends DatabaseContract {
  private static final Table<Record> NOTE = DSL.table(DSL.name("note"));
  private static final Field<String> TEXT = DSL.field(DSL.name("text"), SQLDataType.VARCHAR);
  private static final SqliteDatabase.Limits FOUR_MAY_WAIT =
      new SqliteDatabase.Limits(2, Duration.ofMillis(250), 4, 1_000);

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init") // by open(), before each test
  private SqliteDatabase database;

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @Override
  Database open() {
    database = SqliteDatabase.open(directory.resolve("registry.db"), FOUR_MAY_WAIT);
    sql("CREATE TABLE IF NOT EXISTS note (text TEXT NOT NULL UNIQUE) STRICT");
    return database;
  }

  @AfterEach
  void stopCallers() {
    callers.close();
  }

  private void sql(String statement) {
    database.<Integer, RuntimeException>write(
        tx -> SqlTransaction.of(tx).query(statement).execute());
  }

  private static int note(Transaction tx, String text) {
    return SqlTransaction.of(tx).insertInto(NOTE).set(TEXT, text).execute();
  }

  private List<String> notes() {
    return database.<List<String>, RuntimeException>read(
        tx -> SqlTransaction.of(tx).select(TEXT).from(NOTE).orderBy(TEXT).fetch(TEXT));
  }

  /** Runs the works as one group: they queue while a first one holds the writer. */
  private List<CompletableFuture<Integer>> together(List<Work<Integer, Exception>> works) {
    var held = new CountDownLatch(1);
    var running = new CountDownLatch(1);
    var first =
        call(tx -> {
          running.countDown();
          held.await();
          return 0;
        });
    var results = new ArrayList<CompletableFuture<Integer>>();
    try {
      running.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    for (var work : works) {
      int before = database.queuedWrites();
      results.add(call(work));
      Awaitility.await().until(() -> database.queuedWrites() == before + 1);
    }
    held.countDown();
    first.join();
    return results;
  }

  private CompletableFuture<Integer> call(Work<Integer, Exception> work) {
    var result = new CompletableFuture<Integer>();
    callers.execute(() -> {
      try {
        result.complete(database.write(work));
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  @Test
  @DisplayName("a work that throws leaves nothing, and its neighbours in the group commit")
  void undoes_one_work_of_group() {
    var results =
        together(
            List.of(
                tx -> note(tx, "a"),
                tx -> {
                  note(tx, "b");
                  throw new IOException("no");
                },
                tx -> note(tx, "c")));
    assertThat(results.get(0)).succeedsWithin(Duration.ofSeconds(10));
    assertThatThrownBy(results.get(1)::join).hasCauseInstanceOf(IOException.class);
    assertThat(results.get(2)).succeedsWithin(Duration.ofSeconds(10));
    assertThat(notes()).containsExactly("a", "c");
  }

  @Test
  @DisplayName("a work is undone if a statement of it failed, even if it caught the exception")
  void undoes_work_that_swallows_failure() {
    assertThatThrownBy(() ->
            database.write(tx -> {
              note(tx, "a");
              assertThatThrownBy(() -> note(tx, "a")).isInstanceOf(DatabaseException.class);
              assertThatThrownBy(() -> note(tx, "b")).hasMessageContaining("earlier statement");
              return 0;
            }))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("UNIQUE");
    assertThat(notes()).isEmpty();
  }

  @Test
  @DisplayName("when the disk is full the whole group fails and is undone, and later writes work")
  void fails_group_when_disk_is_full() {
    sql("CREATE TABLE filler (bytes BLOB)");
    sql("PRAGMA max_page_count = " + (pageCount() + 2));
    var undone = new CopyOnWriteArrayList<String>();
    var committed = new CopyOnWriteArrayList<String>();
    var results =
        together(
            List.of(
                tx -> {
                  tx.onRollback(() -> undone.add("before"));
                  tx.afterCommit(() -> committed.add("before"));
                  return note(tx, "before");
                },
                tx -> {
                  tx.onRollback(() -> undone.add("filler"));
                  return SqlTransaction.of(tx)
                      .query("INSERT INTO filler VALUES (zeroblob(1000000))")
                      .execute();
                },
                tx -> note(tx, "after")));
    for (var result : results) {
      assertThatThrownBy(result::join).hasCauseInstanceOf(DatabaseException.class);
    }
    assertThat(notes()).isEmpty();
    assertThat(committed).isEmpty();
    assertThat(undone).containsExactlyInAnyOrder("before", "filler");

    sql("PRAGMA max_page_count = 1000000");
    database.<Integer, RuntimeException>write(tx -> note(tx, "later"));
    assertThat(notes()).containsExactly("later");
  }

  private int pageCount() {
    return database.<Integer, RuntimeException>read(tx ->
        SqlTransaction.of(tx)
            .select(DSL.field("page_count", SQLDataType.INTEGER))
            .from("pragma_page_count")
            .fetchSingle()
            .value1());
  }

  @Test
  @DisplayName("when the COMMIT itself fails, a work that had succeeded fails and is undone")
  void fails_group_when_commit_fails() {
    sql("CREATE TABLE child (n INTEGER REFERENCES device (id) DEFERRABLE INITIALLY DEFERRED)");
    var undone = new CopyOnWriteArrayList<String>();
    var results =
        together(
            List.of(
                tx -> {
                  tx.onRollback(() -> undone.add("good"));
                  return note(tx, "good");
                },
                tx -> SqlTransaction.of(tx).query("INSERT INTO child VALUES (77)").execute(),
                tx -> {
                  throw new IOException("seen a neighbour that is gone");
                }));
    for (var result : results) {
      assertThatThrownBy(result::join)
          .hasCauseInstanceOf(DatabaseException.class)
          .hasMessageContaining("FOREIGN KEY");
    }
    assertThat(undone).containsExactly("good");
    assertThat(notes()).isEmpty();
    database.<Integer, RuntimeException>write(tx -> note(tx, "later"));
    assertThat(notes()).containsExactly("later");
  }

  @Test
  @DisplayName("no caller returns before its group is committed and visible to readers")
  void returns_after_commit() {
    var seenByHook = new CopyOnWriteArrayList<List<String>>();
    database.<Integer, RuntimeException>write(tx -> {
      tx.afterCommit(() -> seenByHook.add(notes()));
      return note(tx, "a");
    });
    assertThat(seenByHook).containsExactly(List.of("a"));
  }

  @Test
  @DisplayName("a hook that fails is reported and changes nothing: the work is on disk")
  void survives_failing_hook() {
    database.<Integer, RuntimeException>write(tx -> {
      tx.afterCommit(() -> {
        throw new IllegalStateException("expected by this test");
      });
      return note(tx, "a");
    });
    assertThat(notes()).containsExactly("a");
  }

  @Test
  @DisplayName("a full queue refuses, and the refused work did not run")
  void refuses_when_overloaded() {
    var ran = new CopyOnWriteArrayList<String>();
    var held = new CountDownLatch(1);
    var running = new CountDownLatch(1);
    var results = new ArrayList<CompletableFuture<Integer>>();
    results.add(
        call(tx -> {
          running.countDown();
          held.await();
          return 0;
        }));
    Awaitility.await().until(() -> running.getCount() == 0);
    for (String text : List.of("a", "b", "c", "d")) {
      results.add(
          call(tx -> {
            ran.add(text);
            return note(tx, text);
          }));
    }
    Awaitility.await().until(() -> database.queuedWrites() == 4);
    assertThatThrownBy(() -> database.write(tx -> ran.add("refused")))
        .isInstanceOf(OverloadedException.class);
    held.countDown();
    results.forEach(CompletableFuture::join);
    assertThat(ran).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(notes()).containsExactly("a", "b", "c", "d");
  }

  @Test
  @DisplayName("a reader sees one state from its beginning to its end")
  void reads_consistent_view() {
    List<List<String>> views =
        database.<List<List<String>>, RuntimeException>read(tx -> {
          var before = SqlTransaction.of(tx).select(TEXT).from(NOTE).fetch(TEXT);
          call(inner -> note(inner, "meanwhile")).join();
          var after = SqlTransaction.of(tx).select(TEXT).from(NOTE).fetch(TEXT);
          return List.of(before, after);
        });
    assertThat(views).containsExactly(List.of(), List.of());
    assertThat(notes()).containsExactly("meanwhile");
  }

  @Test
  @DisplayName("a read cannot write")
  void refuses_write_in_read() {
    assertThatThrownBy(() -> database.read(tx -> note(tx, "a")))
        .isInstanceOf(DatabaseException.class);
    assertThat(notes()).isEmpty();
  }

  @Test
  @DisplayName("a statement kept from a work that is over does not run")
  void refuses_statement_after_work() {
    var kept = database.<DSLContext, RuntimeException>write(SqlTransaction::of);
    assertThatThrownBy(() -> kept.insertInto(NOTE).set(TEXT, "late").execute())
        .isInstanceOf(IllegalStateException.class);
    assertThat(notes()).isEmpty();
  }

  @Test
  @DisplayName("what was committed is there after opening again, and the schema is not made twice")
  void keeps_what_was_committed() {
    database.<Integer, RuntimeException>write(tx -> note(tx, "kept"));
    database.close();
    open();
    assertThat(notes()).containsExactly("kept");
    database.close();
  }

  @Test
  @DisplayName("a crash keeps every committed work: a copy of the files as they are opens")
  void survives_crash() throws IOException {
    for (int i = 0; i < 50; i++) {
      String text = "%02d".formatted(i);
      database.<Integer, RuntimeException>write(tx -> note(tx, text));
    }
    // What a killed process leaves: the files without the checkpoint that a close would do.
    var crashed = Files.createDirectory(directory.resolve("crashed"));
    for (String file : List.of("registry.db", "registry.db-wal")) {
      Files.copy(directory.resolve(file), crashed.resolve(file));
    }
    database.close();
    database = SqliteDatabase.open(crashed.resolve("registry.db"));
    assertThat(notes()).hasSize(50);
    database.close();
  }

  @Test
  @DisplayName("a schema that is newer than the program is refused, with what to do")
  void refuses_newer_schema() throws SQLException {
    database.close();
    var file = directory.resolve("registry.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO flyway_schema_history VALUES
            (99, '99', 'future', 'SQL', 'V99__future.sql', 1, 'someone', '2026-01-01 00:00:00.000', 1, 1)\
          """);
    }
    assertThatThrownBy(() -> SqliteDatabase.open(file))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("newer version")
        .hasMessageContaining("up to 5, got 99")
        .hasMessageContaining("restore a backup");
  }

  @Test
  @DisplayName("a file that is no database is refused with its name")
  void refuses_other_file() throws IOException {
    var file = Files.writeString(directory.resolve("other.db"), "no database".repeat(1_000));
    assertThatThrownBy(() -> SqliteDatabase.open(file))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("other.db");
  }

  @Test
  @DisplayName("a read waits only so long for a connection")
  void refuses_read_when_all_connections_are_busy() {
    var held = new CountDownLatch(1);
    var busy = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      callers.execute(() ->
          database.<Integer, RuntimeException>read(tx -> {
            busy.countDown();
            Awaitility.await().until(() -> held.getCount() == 0);
            return 0;
          }));
    }
    Awaitility.await().until(() -> busy.getCount() == 0);
    assertThatThrownBy(() -> database.read(tx -> 0)).isInstanceOf(OverloadedException.class);
    held.countDown();
  }
}
