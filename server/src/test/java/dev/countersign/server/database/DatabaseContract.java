// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Database} does. */
abstract class DatabaseContract {
  private Database database;
  private final List<String> happened = new ArrayList<>();

  abstract Database open();

  @BeforeEach
  void openDatabase() {
    database = open();
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }

  @Test
  @DisplayName("a work's result comes out of the write and of the read")
  void returns_result() {
    assertThat(database.<String, RuntimeException>write(tx -> "written")).isEqualTo("written");
    assertThat(database.<String, RuntimeException>read(tx -> "read")).isEqualTo("read");
  }

  @Test
  @DisplayName("what a work throws comes out as it is")
  void rethrows_what_the_work_throws() {
    var checked = new IOException("checked");
    var error = new AssertionError("error");
    assertThatThrownBy(() ->
            database.write(tx -> {
              throw checked;
            }))
        .isSameAs(checked);
    assertThatThrownBy(() ->
            database.write(tx -> {
              throw error;
            }))
        .isSameAs(error);
    assertThatThrownBy(() ->
            database.read(tx -> {
              throw checked;
            }))
        .isSameAs(checked);
  }

  @Test
  @DisplayName("hooks after the commit run in order, before the write returns, and no others")
  void runs_hooks_after_commit_in_order() {
    database.<Boolean, RuntimeException>write(tx -> {
      tx.afterCommit(() -> happened.add("first"));
      tx.onRollback(() -> happened.add("undone"));
      tx.afterCommit(() -> happened.add("second"));
      return happened.add("work");
    });
    assertThat(happened).containsExactly("work", "first", "second");
  }

  @Test
  @DisplayName("hooks of an undone work run last first, before the write throws, and no others")
  void runs_hooks_on_rollback_in_reverse() {
    assertThatThrownBy(() ->
            database.write(tx -> {
              tx.onRollback(() -> happened.add("first"));
              tx.afterCommit(() -> happened.add("committed"));
              tx.onRollback(() -> happened.add("second"));
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(happened).containsExactly("second", "first");
  }

  @Test
  @DisplayName("a write or a read within a write is a bug, since it would wait for itself")
  void refuses_transaction_within_write() {
    assertThatThrownBy(() -> database.write(tx -> database.write(inner -> "")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.write(tx -> database.read(inner -> "")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a read has no hooks, since it commits nothing")
  void refuses_hooks_in_read() {
    assertThatThrownBy(() ->
            database.read(tx -> {
              tx.afterCommit(() -> {});
              return "";
            }))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a transaction is dead when its work is over")
  void refuses_use_of_transaction_after_its_work() {
    var kept = database.<Transaction, RuntimeException>write(tx -> tx);
    assertThatThrownBy(() -> kept.afterCommit(() -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a closed database takes no work")
  void refuses_work_when_closed() {
    database.close();
    assertThatThrownBy(() -> database.write(tx -> "")).isInstanceOf(DatabaseException.class);
    assertThatThrownBy(() -> database.read(tx -> "")).isInstanceOf(DatabaseException.class);
  }
}
