// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.agent;

import dev.countersign.cli.terminal.ByteSize;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.agent.DeviceAgent;
import dev.countersign.client.agent.FileState;
import dev.countersign.client.settings.SettingsApplier;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.client.telemetry.QueueLimits;
import dev.countersign.client.transport.JdkTransport;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code countersign agent}. */
@Command(
    name = "agent",
    description = {
      "Be a device: enrol, renew, send readings, follow settings.",
      "Reads readings from stdin, one JSON object a line, and keeps each until the server has it:"
          + " over restarts, power cuts and outages, exactly once. After the end of stdin it goes"
          + " on to follow the settings.",
      "The server is verified always; there is no option against that."
    })
public final class Agent implements Callable<Integer> {
  private final Terminal terminal;
  private final InputStream in;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "The server's device API, such as https://devices.example.com:8443; with --mode sealed"
              + " and mac --relay stands in for it.")
  private Optional<URI> server = Optional.empty();

  @Option(names = "--serial", paramLabel = "SERIAL", required = true, description = "This device.")
  private DeviceSerial serial = new DeviceSerial("0");

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "A file with the one-time token, as 'device add' printed it. Needed for the first"
              + " enrolment; later it may stay or go.")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "The token itself. Every user of this machine can read a command line: better give"
              + " --token-file.")
  private Optional<String> token = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      required = true,
      description =
          "What this device must not forget: its key, its queue, its settings. Made if it is not"
              + " there (0700). For one agent alone.")
  private Path stateDirectory = Path.of("");

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description =
          "The root certificate (PEM) that the server must come from. Without it, the token says"
              + " which root that is.")
  private Optional<Path> trust = Optional.empty();

  @Option(
      names = "--on-settings",
      paramLabel = "CMD",
      description =
          "Run by /bin/sh when DIR/settings.json has a new version. Only when it ends with 0, the"
              + " server is told that the settings are in force; else it is run again later. Sees"
              + " COUNTERSIGN_SETTINGS, COUNTERSIGN_SETTINGS_VERSION, COUNTERSIGN_SERIAL.")
  private Optional<String> onSettings = Optional.empty();

  @Option(
      names = "--settings-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long CMD may take (default: ${DEFAULT-VALUE}).")
  private Duration settingsTimeout = Duration.ofMinutes(1);

  @Option(
      names = "--queue-limit",
      paramLabel = "SIZE",
      defaultValue = "64M",
      description =
          "How much the queue may take on disk, in bytes or with K, M, G. When it is full, stdin is"
              + " not read until there is room (default: ${DEFAULT-VALUE}).")
  private ByteSize queueLimit = new ByteSize(QueueLimits.STANDARD.maxBytes());

  @Option(
      names = "--queue-lines",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "How many lines may wait (default: ${DEFAULT-VALUE}).")
  private long queueLines = QueueLimits.STANDARD.maxEntries();

  @Option(
      names = "--once",
      description =
          "End when stdin has ended, the queue is empty and the settings are current; or after some"
              + " failures in a row. What is queued then stays queued.")
  private boolean once;

  @Mixin private final ByKey byKey = new ByKey();

  @Mixin private final ByRelay byRelay = new ByRelay();

  @Option(names = "--json", description = "One JSON object a line for each event, on stdout.")
  private boolean json;

  /** Reads the process's stdin. */
  public Agent(Terminal terminal) {
    this.terminal = terminal;
    this.in = System.in;
  }

  @Override
  public Integer call() throws CommandException {
    URI target = byKey.isSealed() ? checkedRelay() : checkedServer();
    Optional<DeviceAgent.KeyWay> keyWay = byKey.way(target, serial);
    try {
      return runWith(target, keyWay);
    } finally {
      keyWay.ifPresent(way -> way.credential().close());
    }
  }

  private int runWith(URI target, Optional<DeviceAgent.KeyWay> keyWay) throws CommandException {
    var account =
        new DeviceAgent.Account(byKey.certificateServer(target), serial, readToken(), readTrust());
    QueueLimits limits = limits();
    var report =
        new AgentReport(
            new Output(terminal, json), target, once, keyWay.isPresent() || byKey.isSealed());
    try (FileState files = FileState.open(stateDirectory, limits, JdkTransport::open, report)) {
      report.started(files.state().queue());
      run(account, keyWay, files, report);
      return ExitCode.DONE.number();
    } catch (StateDirectory.InUseException e) {
      throw CommandException.refused(
          stateDirectory + " is in use by another agent",
          "end that one first, or give each device a state directory of its own");
    } catch (IOException e) {
      throw CommandException.refused(
          "the state in " + stateDirectory + " cannot be used: " + Problems.reason(e),
          "name a directory on a disk with room that this user may write to");
    }
  }

  private void run(
      DeviceAgent.Account account,
      Optional<DeviceAgent.KeyWay> keyWay,
      FileState files,
      AgentReport report)
      throws CommandException {
    SettingsApplier applier =
        onSettings
            .<SettingsApplier>map(command ->
                new SettingsCommand(
                    command, stateDirectory.resolve("settings.json"), serial, settingsTimeout))
            .orElse(settings -> {});
    DeviceAgent agent = start(account, keyWay, files.state(), applier, report);
    Thread onSignal = Thread.ofPlatform().unstarted(() -> stopped(agent, files));
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      Thread.ofPlatform()
          .daemon()
          .name("stdin")
          .start(new Intake(new Lines(in), agent, report)::run);
      report.awaitEnd();
    } finally {
      agent.close();
      unhook(onSignal);
    }
  }

  private DeviceAgent start(
      DeviceAgent.Account account,
      Optional<DeviceAgent.KeyWay> keyWay,
      DeviceAgent.State state,
      SettingsApplier applier,
      AgentReport report)
      throws CommandException {
    if (byKey.isSealed()) {
      DeviceAgent.SealedWay way =
          byRelay.way(
              serial,
              byKey.isMac(),
              byKey.keys(stateDirectory),
              stateDirectory,
              state.platform().floor(),
              account.root(),
              byKey.enrols());
      return DeviceAgent.start(account, way, state, applier, report);
    }
    return keyWay.isPresent()
        ? DeviceAgent.start(account, keyWay.get(), state, applier, report)
        : DeviceAgent.start(account, state, applier, report);
  }

  /** It ended by itself: its exit code is its own. */
  private static void unhook(Thread onSignal) {
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      return; // a signal came meanwhile, and the hook ends the process
    }
  }

  /** A signal is how an agent is meant to end, so it ends with 0. */
  private void stopped(DeviceAgent agent, FileState files) {
    agent.close();
    try {
      files.close();
    } catch (IOException e) {
      terminal.warning("the state could not be closed: " + Problems.reason(e));
    }
    terminal.out().flush();
    terminal.err().flush();
    Runtime.getRuntime().halt(ExitCode.DONE.number());
  }

  private URI checkedRelay() throws CommandException {
    if (server.isPresent()) {
      throw CommandException.usage(
          "--server is not for sealed messages", "give --relay URL in place of it");
    }
    return byRelay.relay();
  }

  private URI checkedServer() throws CommandException {
    if (byRelay.isGiven()) {
      throw CommandException.usage(
          "--relay is for sealed messages", "add --mode sealed or mac, or leave it out");
    }
    URI url =
        server.orElseThrow(() ->
            CommandException.usage(
                "--server is missing", "give the server's URL, such as https://localhost:8443"));
    if (!"https".equals(url.getScheme()) || url.getHost() == null) {
      throw CommandException.usage(
          "--server expects a URL such as https://localhost:8443, got " + url,
          "write it with https:// and a port");
    }
    return url;
  }

  private QueueLimits limits() throws CommandException {
    try {
      return new QueueLimits(queueLimit.bytes(), queueLines);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "--queue-limit, --queue-lines: " + e.getMessage(), "leave them out for the defaults");
    }
  }

  private Optional<EnrolmentToken> readToken() throws CommandException {
    if (token.isPresent() && tokenFile.isPresent()) {
      throw CommandException.usage("--token and --token-file were both given", "give one of them");
    }
    Optional<String> text = token;
    if (tokenFile.isPresent()) {
      text = Optional.of(read(tokenFile.get()).strip());
    }
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(EnrolmentToken.parse(text.get()));
    } catch (MalformedException e) {
      throw CommandException.usage(
          (tokenFile.isPresent() ? tokenFile.get().toString() : "--token") + ": " + e.problem(),
          "`countersign device token " + serial + "` makes a new one");
    }
  }

  private Optional<X509Certificate> readTrust() throws CommandException {
    if (trust.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<X509Certificate> roots = Certificates.parsePem(read(trust.get()));
      if (roots.size() == 1) {
        return Optional.of(roots.getFirst());
      }
    } catch (MalformedException e) {
      // as if there were none
    }
    throw CommandException.usage(
        trust.get() + ": expected one certificate in PEM", "give the server's root.pem");
  }

  private static String read(Path file) throws CommandException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandException.refused(
          file + " cannot be read: " + Problems.reason(e), "check the path and its permissions");
    }
  }
}
