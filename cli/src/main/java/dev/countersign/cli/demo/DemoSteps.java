// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** The steps of the demo. Each either is seen to hold, and printed, or ends the demo. */
final class DemoSteps {
  private final Stage stage;
  private final Sha256 root;
  private final FactoryFloor floor;

  /**
   * The steps.
   *
   * @param root fingerprint of the installation's root
   * @param floor where hubs are made under it
   */
  DemoSteps(Stage stage, Sha256 root, FactoryFloor floor) {
    this.stage = stage;
    this.root = root;
    this.floor = floor;
  }

  void run() throws CommandException {
    try {
      new CertificateSteps(stage).run();
      new PskSteps(stage).run();
      new RelaySteps(stage, root).run();
      new HubSteps(stage, floor).run();
      new ClosingSteps(stage).run();
    } catch (IOException | ProtocolException | GeneralSecurityException e) {
      throw CommandException.refused(
          "a step did not hold: " + e.getMessage(), "the lines above say which was the last");
    }
  }
}
