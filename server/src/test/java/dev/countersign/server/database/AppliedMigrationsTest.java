// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

final class AppliedMigrationsTest {
  private final Path file;
  private final SQLiteDataSource source = new SQLiteDataSource();

  AppliedMigrationsTest(@TempDir Path directory) {
    file = directory.resolve("registry.db");
    source.setUrl("jdbc:sqlite:" + file);
  }

  @BeforeEach
  void createDatabase() {
    SqliteDatabase.open(file).close();
  }

  @Test
  @DisplayName("what Flyway just brought up to date is seen to be so: every script is listed")
  void knows_a_current_schema() {
    assertThat(areAllApplied()).isTrue();
  }

  @ParameterizedTest
  @DisplayName("anything else in Flyway's table is left for Flyway to judge")
  @ValueSource(
      strings = {
        "UPDATE flyway_schema_history SET checksum = checksum + 1",
        "UPDATE flyway_schema_history SET success = 0",
        "UPDATE flyway_schema_history SET script = 'V1__other.sql'",
        "DELETE FROM flyway_schema_history",
        "DROP TABLE flyway_schema_history",
        """
        INSERT INTO flyway_schema_history VALUES
          (99, '99', 'future', 'SQL', 'V99__future.sql', 1, 'someone', '2026-01-01', 1, 1)\
        """
      })
  void leaves_the_rest_to_flyway(String change) throws SQLException {
    execute(change);
    assertThat(areAllApplied()).isFalse();
  }

  @Test
  @DisplayName("a script that was changed after it was applied is refused")
  void refuses_a_changed_script() throws SQLException {
    execute("UPDATE flyway_schema_history SET checksum = checksum + 1");
    assertThatThrownBy(() -> SqliteDatabase.open(file))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("registry.db")
        .hasMessageContaining("checksum");
  }

  private boolean areAllApplied() {
    return AppliedMigrations.areAllOf(source, Migrations.LOCATION, Migrations.SCRIPTS);
  }

  private void execute(String change) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(change);
    }
  }
}
