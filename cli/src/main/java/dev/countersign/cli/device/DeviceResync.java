// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.DeviceSerial;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "resync",
    description = {
      "Let devices that seal agree on a new context before anything else is answered.",
      "For after a restore: the server may have forgotten numbers that devices used."
    })
public final class DeviceResync extends RemoteCommand {
  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  @Option(
      names = "--reason",
      paramLabel = "R",
      required = true,
      description = "Why; it goes into the audit log.")
  private String reason = "";

  /** One device or all. */
  static final class Which {
    @Parameters(index = "0", paramLabel = "SERIAL", description = "The device.")
    @Nullable DeviceSerial serial;

    @Option(names = "--all", description = "All devices.")
    boolean all;
  }

  public DeviceResync(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    ObjectNode request = Json.object().put("reason", reason);
    if (which.serial != null) {
      request.put("serial", which.serial.value());
    } else {
      request.put("all", true);
    }
    JsonNode done = client.post(ApiPath.of("resync"), request);
    output.json(done);
    output.done(
        Printable.value(done.path("contexts"))
            + " contexts count no more: their devices agree on new ones by themselves");
  }
}
