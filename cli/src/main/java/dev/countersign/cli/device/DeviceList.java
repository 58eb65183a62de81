// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the devices, by serial.")
public final class DeviceList extends RemoteCommand {
  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only those that are ${COMPLETION-CANDIDATES}.")
  private Optional<Status> status = Optional.empty();

  public DeviceList(Terminal terminal) {
    super(terminal);
  }

  /** Named as on the command line and in the operator API. */
  enum Status {
    pending,
    active,
    suspended,
    revoked
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    ApiPath path = ApiPath.of("devices").with("status", status);
    try (Table table = output.table("SERIAL", "STATUS", "LEVEL", "MODEL", "LAST SEEN")) {
      client.pages(
          path,
          "serial",
          device -> {
            output.json(device);
            if (!output.isJson()) {
              table.row(
                  Printable.value(device.path("serial")),
                  Printable.value(device.path("status")),
                  Printable.value(device.path("level")),
                  Printable.value(device.path("model")),
                  Printable.time(device.path("lastSeen")));
            }
          });
      if (table.rows() == 0) {
        output.text(status.map(s -> "no device is " + s).orElse("no devices yet"));
        if (status.isEmpty()) {
          output.next("`countersign device add SERIAL` registers one");
        }
      }
    }
  }
}
