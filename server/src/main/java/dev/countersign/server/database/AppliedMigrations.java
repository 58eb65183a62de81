// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import javax.sql.DataSource;

/**
 * A look into the table in which Flyway keeps what it applied, to save loading Flyway when there is
 * nothing to apply. Whatever is not exactly as expected is left for Flyway to judge.
 */
final class AppliedMigrations {
  private static final String HISTORY =
      "SELECT script, checksum, success FROM flyway_schema_history ORDER BY installed_rank";

  private record Applied(String script, int checksum, boolean success) {}

  private AppliedMigrations() {}

  /** Whether exactly these scripts were applied, in this order, and as they are now. */
  static boolean areAllOf(DataSource source, String location, List<String> scripts) {
    var applied = new ArrayList<Applied>();
    try (var connection = source.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(HISTORY)) {
      while (rows.next()) {
        applied.add(new Applied(rows.getString(1), rows.getInt(2), rows.getBoolean(3)));
      }
      var known = new ArrayList<Applied>();
      for (String script : scripts) {
        known.add(new Applied(script, checksum(location + "/" + script), true));
      }
      return applied.equals(known);
    } catch (SQLException | IOException e) {
      return false; // a new database has no such table; anything else Flyway will report
    }
  }

  /** As Flyway computes it: CRC-32 of the lines without what ends them. */
  private static int checksum(String resource) throws IOException {
    var crc = new CRC32();
    try (var in = AppliedMigrations.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + " is missing");
      }
      var lines = new BufferedReader(new InputStreamReader(in, UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        crc.update(line.getBytes(UTF_8));
      }
    }
    return (int) crc.getValue();
  }
}
