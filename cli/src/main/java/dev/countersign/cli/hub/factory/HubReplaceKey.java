// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub.factory;

import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.factory.Provisioned;
import dev.countersign.hub.factory.Provisioning;
import dev.countersign.hub.factory.StationRefusedException;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code countersign hub replace-key}. */
@Command(
    name = "replace-key",
    description = {
      "Give a hub another key, announced by its old one: paired phones follow.",
      "The label is void, since it names the old key: print the new one."
    })
public final class HubReplaceKey extends HubMakingCommand {
  public HubReplaceKey(Terminal terminal) {
    super(terminal);
  }

  @Override
  Provisioned make(Provisioning provisioning) throws IOException, StationRefusedException {
    return provisioning.replaceKey();
  }
}
