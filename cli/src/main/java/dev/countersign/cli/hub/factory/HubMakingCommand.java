// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub.factory;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.factory.Provisioned;
import dev.countersign.hub.factory.Provisioning;
import dev.countersign.hub.factory.Station;
import dev.countersign.hub.factory.StationRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command that brings a hub and a station together, and shows what became of the hub. */
abstract class HubMakingCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      required = true,
      description = "The hub's state directory; the hub must not run.")
  private Path state = Path.of("");

  @Option(
      names = "--station",
      paramLabel = "DIR",
      required = true,
      description = "The station's directory, from 'countersign hub station create'.")
  private Path stationDirectory = Path.of("");

  @Option(
      names = "--label-svg",
      paramLabel = "FILE",
      description = "Write the label's code as SVG, for its owner alone (0600).")
  private Optional<Path> svg = Optional.empty();

  @Option(
      names = "--label-png",
      paramLabel = "FILE",
      description = "Write the label's code as PNG, for its owner alone (0600).")
  private Optional<Path> png = Optional.empty();

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  HubMakingCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public final Integer call() throws CommandException {
    var random = new SecureRandom();
    try {
      Station station = Station.open(stationDirectory, terminal.clock(), random);
      try (Provisioning provisioning = Provisioning.of(state, station, random)) {
        Provisioned made = make(provisioning);
        var report = new ProvisionReport(made, station.quota(), state);
        // Before it is said to be done: what cannot be written is written by a repetition.
        report.draw(svg, png);
        report.print(terminal, json);
        provisioning.finish();
      }
    } catch (IOException e) {
      throw FactoryProblems.of(e);
    } catch (StationRefusedException e) {
      throw FactoryProblems.of(e);
    }
    return 0;
  }

  abstract Provisioned make(Provisioning provisioning)
      throws IOException, StationRefusedException, CommandException;
}
