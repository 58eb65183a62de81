// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub.factory;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.factory.Provisioned;
import dev.countersign.hub.factory.Provisioning;
import dev.countersign.hub.factory.StationRefusedException;
import dev.countersign.pki.ServerName;
import dev.countersign.protocol.DeviceSerial;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign hub provision}. */
@Command(
    name = "provision",
    description = {
      "Make a hub on a production line: its key, its certificate, its label.",
      "A key in DIR/hub.key (PKCS #8, P-256) is taken; else one is made. Killed, it goes on where"
          + " it was."
    })
public final class HubProvision extends HubMakingCommand {
  @Option(
      names = "--serial",
      paramLabel = "SERIAL",
      description = "What is printed on it (default: its id).")
  private Optional<DeviceSerial> serial = Optional.empty();

  @Option(
      names = "--domain",
      paramLabel = "NAME",
      description = "Where its name is (default: the station's).")
  private Optional<String> domain = Optional.empty();

  public HubProvision(Terminal terminal) {
    super(terminal);
  }

  @Override
  Provisioned make(Provisioning provisioning)
      throws IOException, StationRefusedException, CommandException {
    Optional<ServerName.Dns> name =
        domain.isPresent() ? Optional.of(FactoryProblems.domain(domain.get())) : Optional.empty();
    return provisioning.provision(serial, name);
  }
}
