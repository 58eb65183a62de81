// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Output.Field;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "show", description = "Show a device and its credentials.")
public final class DeviceShow extends OneDeviceCommand {
  public DeviceShow(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    JsonNode device = client.get(path());
    output.json(device);
    if (!output.isJson()) {
      show(device, output);
    }
  }

  private static void show(JsonNode device, Output output) throws CommandException {
    output.text(Printable.value(device.path("serial")));
    output.fields(
        List.of(
            new Field("status", Printable.value(device.path("status"))),
            new Field("model", Printable.value(device.path("model"))),
            new Field(
                "level",
                Printable.value(device.path("level"))
                    + " (at least "
                    + Printable.value(device.path("minimumLevel"))
                    + ")"),
            new Field("clock", device.path("clock").asBoolean(true) ? "yes" : "no"),
            new Field("added", Printable.time(device.path("addedAt"))),
            new Field("last seen", Printable.time(device.path("lastSeen")))));
    output.text("");
    try (Table table = output.table("CREDENTIAL", "STATE", "ENDS", "ID", "SHA-256")) {
      for (JsonNode credential : device.path("credentials")) {
        table.row(
            Printable.value(credential.path("kind")),
            Printable.value(credential.path("state")),
            Printable.time(
                credential.has("notAfter")
                    ? credential.path("notAfter")
                    : credential.path("expiresAt")),
            Printable.value(credential.path("certificateId")),
            Printable.value(credential.path("sha256")));
      }
      if (table.rows() == 0) {
        output.text("no credential");
        output.next(
            "`countersign device token " + Printable.value(device.path("serial")) + "` makes one");
      }
    }
  }
}
