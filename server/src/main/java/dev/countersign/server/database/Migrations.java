// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;

/** Brings the schema of a database to what this program knows. */
final class Migrations {
  static final String LOCATION = "dev/countersign/server/database/migration";

  /** Every script there, in order. */
  static final List<String> SCRIPTS =
      List.of(
          "V1__registry.sql",
          "V2__journal.sql",
          "V3__secrets.sql",
          "V4__relays.sql",
          "V5__sealed.sql");

  private Migrations() {}

  /**
   * Applies what is missing.
   *
   * @param file for the messages
   * @throws DatabaseException if the schema is newer than this program, was changed behind its
   *     back, or cannot be changed
   */
  static void migrate(DataSource source, Path file) {
    if (AppliedMigrations.areAllOf(source, LOCATION, SCRIPTS)) {
      return; // Flyway would find the same, and take a tenth of a start for it.
    }
    try {
      var flyway =
          Flyway.configure(Migrations.class.getClassLoader())
              .dataSource(source)
              .locations("classpath:" + LOCATION)
              .failOnMissingLocations(true)
              .validateMigrationNaming(true)
              .cleanDisabled(true)
              .loggers("slf4j")
              .load();
      MigrationInfoService info = flyway.info();
      refuseNewer(info, file);
      if (info.pending().length > 0) {
        flyway.migrate();
      } else {
        flyway.validate();
      }
    } catch (FlywayException e) {
      throw new DatabaseException("cannot prepare " + file + ": " + e.getMessage(), e);
    }
  }

  /** Flyway by itself passes over what is newer, and the program would write into it. */
  private static void refuseNewer(MigrationInfoService info, Path file) {
    String known = "0";
    String newer = "";
    for (MigrationInfo migration : info.all()) {
      if (migration.getState() == MigrationState.FUTURE_SUCCESS
          || migration.getState() == MigrationState.FUTURE_FAILED) {
        newer = migration.getVersion().getVersion();
      } else if (migration.getVersion() != null) {
        known = migration.getVersion().getVersion();
      }
    }
    if (!newer.isEmpty()) {
      throw new DatabaseException(
          "%s was written by a newer version of this program: expected a schema up to %s, got %s;"
                  .formatted(file, known, newer)
              + " start that version, or restore a backup that this one made");
    }
  }
}
