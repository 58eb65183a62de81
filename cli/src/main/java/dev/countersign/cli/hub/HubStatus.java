// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Output.Field;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.control.ControlRequest;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign hub status}. */
@Command(
    name = "status",
    description = "Show which hub this is, whether it has an owner, and whether a window is open.")
public final class HubStatus extends HubCommand {
  public HubStatus(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    ObjectNode status = ask(new ControlRequest.Status());
    output.json(status);
    boolean open = status.path("windowClosesInSeconds").isNumber();
    output.fields(
        List.of(
            new Field("name", Printable.value(status.path("name"))),
            new Field("model", Printable.value(status.path("model"))),
            new Field("serial", Printable.value(status.path("serial"))),
            new Field("hub", Printable.value(status.path("hubId"))),
            new Field("key", Printable.value(status.path("keySha256"))),
            new Field("root", Printable.value(status.path("rootSha256"))),
            new Field("port", Printable.value(status.path("port"))),
            new Field("owner", status.path("owned").booleanValue() ? "yes" : "none yet"),
            new Field("phones", Printable.value(status.path("phones"))),
            new Field(
                "window",
                open
                    ? "open for "
                        + Printable.value(status.path("windowClosesInSeconds"))
                        + " s; "
                        + command("qr")
                        + " shows the code"
                    : "closed; " + command("press-button") + " opens one")));
  }
}
