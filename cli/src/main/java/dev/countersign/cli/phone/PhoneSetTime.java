// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign phone set-time}. */
@Command(
    name = "set-time",
    description = "Tell the hub the time; owners only. A hub's time only advances.")
public final class PhoneSetTime extends HubCommand {
  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "Such as 2026-12-31T18:00:00Z (default: the time of this machine).")
  private Optional<Instant> time = Optional.empty();

  public PhoneSetTime(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    Instant set =
        session.setTime(
            time.orElseGet(() -> terminal().clock().instant().truncatedTo(ChronoUnit.SECONDS)));
    output.json(Json.object().put("time", set.toString()));
    output.done("the hub's time is " + Printable.time(set));
  }
}
