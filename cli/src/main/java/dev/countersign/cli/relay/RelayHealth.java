// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.relay;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.DeviceSerial;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "health",
    description = "Show what a relay does to the messages it carries, with a verdict.")
public final class RelayHealth extends RemoteCommand {
  private static final int PAGE = 1000;

  @Parameters(index = "0", paramLabel = "NAME", description = "The relay.")
  private String name = "";

  @Option(
      names = "--device",
      paramLabel = "SERIAL",
      description = "What it does to this device's messages.")
  private Optional<DeviceSerial> device = Optional.empty();

  @Option(
      names = "--devices",
      description = "Every device of which something came through it, one a line.")
  private boolean devices;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "With --devices: those of which something came within 15m, 1h or 30d.")
  private Optional<Duration> since = Optional.empty();

  public RelayHealth(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    if (since.isPresent() && !devices) {
      throw CommandException.usage("--since goes with --devices", "add --devices");
    }
    if (device.isPresent() && devices) {
      throw CommandException.usage(
          "--device and --devices exclude each other", "give the one or the other");
    }
    if (device.isPresent()) {
      oneDevice(client, output);
    } else if (devices) {
      allDevices(client, output);
    } else {
      relay(client, output);
    }
  }

  private void relay(OperatorClient client, Output output) throws CommandException {
    JsonNode relay = client.get(ApiPath.of("relays", name, "health"));
    output.json(relay);
    if (output.isJson()) {
      return;
    }
    output.text(
        "relay "
            + Printable.value(relay.path("name"))
            + ", "
            + RelayWords.mode(relay)
            + ": "
            + Printable.value(relay.path("state")));
    output.text("  " + Printable.value(relay.path("verdict")));
    RelayWords.weakness(relay, output);
    RelayWords.blastRadius(relay, output);
    output.text("");
    findings(relay.path("findings"), output);
    output.next("`countersign relay health " + name + " --devices` shows them by device");
  }

  private static void findings(JsonNode findings, Output output) throws CommandException {
    try (Table table = output.table("WHAT", "COUNT", "SINCE", "LAST")) {
      for (Map.Entry<String, JsonNode> finding : findings.properties()) {
        table.row(
            Printable.text(finding.getKey()),
            Printable.value(finding.getValue().path("count")),
            Printable.time(finding.getValue().path("since")),
            Printable.time(finding.getValue().path("last")));
      }
    }
  }

  private void oneDevice(OperatorClient client, Output output) throws CommandException {
    var shown = new int[1];
    client.rows(
        ApiPath.of("relays", name, "devices").with("device", device.orElseThrow().value()),
        row -> {
          shown[0]++;
          output.json(row);
          if (!output.isJson()) {
            output.text("device " + Printable.value(row.path("serial")) + " through relay " + name);
            findings(row.path("findings"), output);
          }
        });
    if (shown[0] == 0) {
      output.text("nothing of device " + device.orElseThrow() + " came through relay " + name);
    }
  }

  private void allDevices(OperatorClient client, Output output) throws CommandException {
    try (Table table = output.table("SERIAL", "DELIVERED", "ELSE", "LAST")) {
      @Nullable String after = "";
      while (after != null) {
        after = page(client, after, table, output);
      }
      if (table.rows() == 0) {
        output.text("no devices" + (since.isPresent() ? " since then" : " yet"));
      }
    }
  }

  /** Returns after which serial the next page begins; null if this was the last. */
  private @Nullable String page(OperatorClient client, String after, Table table, Output output)
      throws CommandException {
    ApiPath path = ApiPath.of("relays", name, "devices").with("since", since).with("limit", PAGE);
    var last = new String[] {""};
    var rows = new int[1];
    client.rows(
        after.isEmpty() ? path : path.with("after", after),
        row -> {
          rows[0]++;
          last[0] = row.path("serial").asString("");
          output.json(row);
          if (!output.isJson()) {
            table.row(
                Printable.value(row.path("serial")),
                Long.toString(row.path("findings").path("delivered").path("count").asLong(0)),
                RelayWords.findings(row.path("findings")),
                lastOf(row.path("findings")));
          }
        });
    return rows[0] < PAGE ? null : last[0];
  }

  /** ISO 8601 in UTC sorts as it reads. */
  private static String lastOf(JsonNode findings) {
    String latest = "";
    @Nullable JsonNode time = null;
    for (Map.Entry<String, JsonNode> finding : findings.properties()) {
      String at = finding.getValue().path("last").asString("");
      if (at.compareTo(latest) > 0) {
        latest = at;
        time = finding.getValue().path("last");
      }
    }
    return time == null ? "-" : Printable.time(time);
  }
}
