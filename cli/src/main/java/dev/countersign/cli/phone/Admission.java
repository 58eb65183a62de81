// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.Role;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What another phone is to be. */
final class Admission {
  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      description = "admin, user or guest; below this phone's own.")
  private String role = "";

  @Option(
      names = "--until",
      paramLabel = "DATE",
      description = "When its access ends, such as 2026-12-31 or 2026-12-31T18:00:00Z.")
  private Optional<String> until = Optional.empty();

  Role role() throws CommandException {
    return role(role);
  }

  Optional<Instant> until() throws CommandException {
    return until.isEmpty() ? Optional.empty() : Optional.of(instant("--until", until.get()));
  }

  static Role role(String text) throws CommandException {
    try {
      return Role.parse(text);
    } catch (MalformedException e) {
      throw CommandException.usage("--role: " + e.problem(), "such as --role user");
    }
  }

  /** A day ends when the next one begins, in UTC. */
  static Instant instant(String option, String text) throws CommandException {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw CommandException.usage(
          option + " expects a date or a time, got " + text,
          "such as 2026-12-31 or 2026-12-31T18:00:00Z");
    }
  }
}
