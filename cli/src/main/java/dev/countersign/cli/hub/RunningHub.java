// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.hub.announcement.Announcement;
import dev.countersign.hub.announcement.Interfaces;
import dev.countersign.hub.control.ControlSocket;
import dev.countersign.hub.example.DoorAndThermostat;
import dev.countersign.hub.factory.TrialMaker;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.hub.page.HubFacts;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hub with its example device, its panel on the disk and its announcement. */
final class RunningHub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningHub.class);

  private final Settings settings;
  private final Hub hub;
  private final ControlSocket control;
  private final Optional<Announcement> announcement;
  private final boolean made;
  private final ScheduledExecutorService device =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("device").factory());

  /** How the hub runs. */
  record Settings(Path state, int port, Optional<String> name, boolean announced) {}

  private RunningHub(
      Settings settings,
      Hub hub,
      ControlSocket control,
      Optional<Announcement> announcement,
      boolean made) {
    this.settings = settings;
    this.hub = hub;
    this.control = control;
    this.announcement = announcement;
    this.made = made;
  }

  /**
   * Opens all of it.
   *
   * @throws IllegalArgumentException naming the setting that cannot be
   */
  static RunningHub open(Settings settings, Clock clock) throws IOException {
    HubOptions options = HubOptions.of(settings.state(), settings.port());
    options = settings.name().map(options::named).orElse(options);
    boolean made = provideIdentity(settings.state(), clock);
    var example = new DoorAndThermostat(System::nanoTime);
    Hub hub = Hub.open(options, example);
    try {
      ControlSocket control =
          ControlSocket.open(settings.state(), hub.facts(), hub.port(), hub.panel());
      Optional<Announcement> announcement =
          settings.announced()
              ? Optional.of(Announcement.begin(hub.facts(), hub.port()))
              : Optional.empty();
      var running = new RunningHub(settings, hub, control, announcement, made);
      var _ = // it does not throw
          running.device.scheduleAtFixedRate(example::tick, 1, 1, TimeUnit.SECONDS);
      return running;
    } catch (IOException | RuntimeException e) {
      hub.close();
      throw e;
    }
  }

  /** Whether it had to be made: no factory gave this hub one. */
  private static boolean provideIdentity(Path state, Clock clock) throws IOException {
    var file = new HubIdentityFile(state);
    // Two that start at once must not both make one.
    try (StateDirectory _ = StateDirectory.open(state)) {
      if (file.load().isPresent()) {
        return false;
      }
      TrialMaker.provision(file, clock.instant(), new SecureRandom());
      return true;
    }
  }

  /** Says which hub runs where; the last line is {@code ready}. */
  void describe(Output output) throws CommandException {
    HubFacts facts = hub.facts();
    boolean trial = hub.identity().isTrial();
    output.json(
        Json.object()
            .put("event", "ready")
            .put("name", facts.name())
            .put("model", facts.model())
            .put("serial", facts.serial())
            .put("hubId", facts.id().toString())
            .put("keySha256", facts.key().hex())
            .put("rootSha256", facts.root().hex())
            .put("port", hub.port())
            .put("owned", hub.panel().isOwned())
            .put("trial", trial));
    if (made && !output.isJson()) {
      output
          .terminal()
          .warning(
              settings.state()
                  + " is unprovisioned: made a maker's root of its own, for trying out");
    } else if (trial && !output.isJson()) {
      output.terminal().warning("for trying out: this hub's root was made by itself");
    }
    output.done("hub           " + facts.id() + "  " + Printable.text(facts.name()));
    output.done("its key       " + facts.key().hex());
    output.done("maker's root  " + facts.root().hex() + (trial ? "  for trying out" : ""));
    output.done("address       " + addresses());
    output.next(advice());
    output.text("ready");
  }

  private String addresses() {
    return Stream.concat(
            Stream.of("localhost"),
            Interfaces.reachable().stream().map(InetAddress::getHostAddress).sorted())
        .map(host -> (host.contains(":") ? "[" + host + "]" : host) + ":" + hub.port())
        .collect(Collectors.joining("  "));
  }

  private String advice() {
    String where = " --state " + settings.state();
    return hub.panel().screen().isPresent()
        ? "./countersign hub qr" + where + " shows the code that pairs a phone"
        : "./countersign hub press-button" + where + " lets phones be paired";
  }

  @Override
  public void close() {
    device.shutdownNow();
    announcement.ifPresent(Announcement::close);
    try {
      control.close();
      hub.close();
    } catch (IOException e) {
      LOG.warn("hub closed badly reason=\"{}\"", e.getMessage());
    }
  }
}
