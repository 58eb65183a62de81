// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.DeviceSerial;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "journal",
    description = "Show why a device did not get in, the newest first, with what to do about it.")
public final class DeviceJournal extends RemoteCommand {
  private static final int DEFAULT_LAST = 20;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SERIAL",
      description = "The device's serial number, as printed on it.")
  private Optional<DeviceSerial> serial = Optional.empty();

  @Option(
      names = "--unattributed",
      description = "Instead: attempts for which no device could be found.")
  private boolean unattributed;

  @Option(
      names = "--last",
      paramLabel = "N",
      description = "At most so many entries. Default: " + DEFAULT_LAST)
  private int last = DEFAULT_LAST;

  public DeviceJournal(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    if (serial.isPresent() == unattributed) {
      throw CommandException.usage(
          "expected a serial, or --unattributed",
          "`countersign device journal --unattributed` shows what no device could be found for");
    }
    if (last < 1) {
      throw CommandException.usage("--last expects 1 or more, got " + last, "give a number");
    }
    ApiPath path =
        (serial.isPresent()
                ? ApiPath.of("devices", serial.get().value(), "journal")
                : ApiPath.of("journal").with("unattributed", true))
            .with("limit", last);
    var shown = new int[1];
    client.rows(
        path,
        entry -> {
          shown[0]++;
          output.json(entry);
          if (!output.isJson()) {
            show(entry, output);
          }
        });
    if (shown[0] == 0) {
      output.text("nothing was refused");
      if (serial.isPresent()) {
        output.next("what came without a name is in `countersign device journal --unattributed`");
      }
    }
  }

  private static void show(JsonNode entry, Output output) throws CommandException {
    long count = entry.path("count").asLong(1);
    output.text(
        "✘ "
            + Printable.time(entry.path("at"))
            + "  "
            + Printable.value(entry.path("meaning"))
            + "  ("
            + Printable.value(entry.path("step"))
            + ", "
            + Printable.value(entry.path("reason"))
            + ")");
    output.text(
        "    from "
            + Printable.value(entry.path("address"))
            + " at "
            + Printable.value(entry.path("listener"))
            + (count > 1
                ? ", " + count + " times since " + Printable.time(entry.path("firstAt"))
                : ""));
    identity(entry, output);
    if (!entry.path("detail").asString("").isEmpty()) {
      output.text("    " + Printable.value(entry.path("detail")));
    }
    output.next(entry.path("advice").asString(""));
  }

  private static void identity(JsonNode entry, Output output) throws CommandException {
    boolean isClaimed = entry.path("claimed").asBoolean(true);
    if (entry.path("serial").isString()) {
      output.text(
          "    "
              + (isClaimed ? "calls itself " : "is ")
              + Printable.value(entry.path("serial"))
              + (isClaimed ? ", which is not proven" : ""));
    }
    if (entry.path("certificateSha256").isString()) {
      output.text("    certificate SHA-256 " + Printable.value(entry.path("certificateSha256")));
    }
  }
}
