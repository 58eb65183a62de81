// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import dev.countersign.cli.administration.AuditExport;
import dev.countersign.cli.administration.AuditVerify;
import dev.countersign.cli.administration.BlastRadiusShow;
import dev.countersign.cli.administration.CaShow;
import dev.countersign.cli.administration.CertificateList;
import dev.countersign.cli.administration.CertificateShow;
import dev.countersign.cli.administration.OperatorAdd;
import dev.countersign.cli.administration.OperatorList;
import dev.countersign.cli.administration.OperatorRemove;
import dev.countersign.cli.administration.SecretsRewrap;
import dev.countersign.cli.administration.StatusShow;
import dev.countersign.cli.agent.Agent;
import dev.countersign.cli.demo.Demo;
import dev.countersign.cli.device.DeviceAdd;
import dev.countersign.cli.device.DeviceImport;
import dev.countersign.cli.device.DeviceJournal;
import dev.countersign.cli.device.DeviceList;
import dev.countersign.cli.device.DeviceRemove;
import dev.countersign.cli.device.DeviceResume;
import dev.countersign.cli.device.DeviceResync;
import dev.countersign.cli.device.DeviceRevoke;
import dev.countersign.cli.device.DeviceShow;
import dev.countersign.cli.device.DeviceSuspend;
import dev.countersign.cli.device.DeviceToken;
import dev.countersign.cli.device.Readings;
import dev.countersign.cli.device.SettingsGet;
import dev.countersign.cli.device.SettingsHistory;
import dev.countersign.cli.device.SettingsSet;
import dev.countersign.cli.hub.HubPhones;
import dev.countersign.cli.hub.HubPressButton;
import dev.countersign.cli.hub.HubQr;
import dev.countersign.cli.hub.HubRemove;
import dev.countersign.cli.hub.HubReset;
import dev.countersign.cli.hub.HubRun;
import dev.countersign.cli.hub.HubStatus;
import dev.countersign.cli.hub.factory.HubProvision;
import dev.countersign.cli.hub.factory.HubReplaceKey;
import dev.countersign.cli.hub.factory.HubStationCreate;
import dev.countersign.cli.hub.factory.HubStationShow;
import dev.countersign.cli.phone.PhoneAdd;
import dev.countersign.cli.phone.PhoneAlter;
import dev.countersign.cli.phone.PhoneForget;
import dev.countersign.cli.phone.PhoneGive;
import dev.countersign.cli.phone.PhoneInvite;
import dev.countersign.cli.phone.PhoneList;
import dev.countersign.cli.phone.PhonePair;
import dev.countersign.cli.phone.PhonePhones;
import dev.countersign.cli.phone.PhoneRecoveryCard;
import dev.countersign.cli.phone.PhoneRemove;
import dev.countersign.cli.phone.PhoneScan;
import dev.countersign.cli.phone.PhoneSetTime;
import dev.countersign.cli.phone.PhoneStatus;
import dev.countersign.cli.phone.PhoneTransfer;
import dev.countersign.cli.relay.RelayAdd;
import dev.countersign.cli.relay.RelayFreeze;
import dev.countersign.cli.relay.RelayHealth;
import dev.countersign.cli.relay.RelayList;
import dev.countersign.cli.relay.RelayUnfreeze;
import dev.countersign.cli.sealed.Open;
import dev.countersign.cli.sealed.Seal;
import dev.countersign.cli.server.Init;
import dev.countersign.cli.server.Serve;
import dev.countersign.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The countersign command: a list of its subcommands, and nothing else. */
@Command(
    name = "countersign",
    description = "Know which device is talking, in both directions.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    footer = {"", "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 no server there."})
// picocli acts on --help and --version itself; nobody reads the fields.
@SuppressWarnings("UnusedVariable")
public final class Main {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show version and commit.")
  private boolean version;

  private Main() {}

  /** Runs one command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Terminal.ofProcess(), args));
  }

  /** Runs one command line and returns its exit code. */
  static int run(Terminal terminal, String... args) {
    try {
      return Failures.handledBy(terminal, commandsFor(terminal, args)).execute(args);
    } catch (Error e) {
      // picocli hands on exceptions to us, but not errors; a stack trace helps nobody here either.
      return Failures.fault(terminal, e);
    }
  }

  /** picocli takes its time over each command; what runs on small devices should start fast. */
  private static CommandLine commandsFor(Terminal terminal, String... args) {
    return switch (args.length > 0 ? args[0] : "") {
      case "serve" -> new CommandLine(new Main()).addSubcommand(new Serve(terminal));
      case "hub" -> new CommandLine(new Main()).addSubcommand(hub(terminal));
      case "phone" -> new CommandLine(new Main()).addSubcommand(phone(terminal));
      default -> commands(terminal);
    };
  }

  private static CommandLine hub(Terminal terminal) {
    return group(
        "hub",
        "Be an offline device that phones pair with; stand for its screen and its button.",
        new HubRun(terminal),
        new HubStatus(terminal),
        new HubQr(terminal),
        new HubPhones(terminal),
        new HubRemove(terminal),
        new HubPressButton(terminal),
        new HubReset(terminal),
        group(
            "station",
            "Let a production line make hubs without a server.",
            new HubStationCreate(terminal),
            new HubStationShow(terminal)),
        new HubProvision(terminal),
        new HubReplaceKey(terminal));
  }

  private static CommandLine phone(Terminal terminal) {
    return group(
        "phone",
        "Be a phone: pair with hubs, and control them.",
        new PhoneScan(terminal),
        new PhonePair(terminal),
        new PhoneList(terminal),
        new PhoneStatus(terminal),
        new PhoneGive(terminal),
        new PhonePhones(terminal),
        new PhoneInvite(terminal),
        new PhoneAdd(terminal),
        new PhoneAlter(terminal),
        new PhoneRemove(terminal),
        new PhoneTransfer(terminal),
        new PhoneRecoveryCard(terminal),
        new PhoneSetTime(terminal),
        new PhoneForget(terminal));
  }

  private static CommandLine commands(Terminal terminal) {
    return new CommandLine(new Main())
        .addSubcommand(new Demo(terminal))
        .addSubcommand(new Init(terminal))
        .addSubcommand(new Serve(terminal))
        .addSubcommand(
            group(
                "device",
                "Register devices, and decide about them.",
                new DeviceAdd(terminal),
                new DeviceToken(terminal),
                new DeviceImport(terminal),
                new DeviceList(terminal),
                new DeviceJournal(terminal),
                new DeviceShow(terminal),
                new DeviceResync(terminal),
                new DeviceSuspend(terminal),
                new DeviceResume(terminal),
                new DeviceRevoke(terminal),
                new DeviceRemove(terminal)))
        .addSubcommand(
            group(
                "settings",
                "Tell devices what to do.",
                new SettingsSet(terminal),
                new SettingsGet(terminal),
                new SettingsHistory(terminal)))
        .addSubcommand(new Readings(terminal))
        .addSubcommand(
            group(
                "relay",
                "Let somebody else's cloud carry sealed messages, and watch it.",
                new RelayAdd(terminal),
                new RelayList(terminal),
                new RelayHealth(terminal),
                new RelayFreeze(terminal),
                new RelayUnfreeze(terminal)))
        .addSubcommand(new Agent(terminal))
        .addSubcommand(new Seal(terminal))
        .addSubcommand(new Open(terminal))
        .addSubcommand(
            group(
                "certificate",
                "Look into the ledger of certificates.",
                new CertificateList(terminal),
                new CertificateShow(terminal)))
        .addSubcommand(group("ca", "Look at the certificate authorities.", new CaShow(terminal)))
        .addSubcommand(
            group("secrets", "Look after the secrets of devices.", new SecretsRewrap(terminal)))
        .addSubcommand(new BlastRadiusShow(terminal))
        .addSubcommand(new StatusShow(terminal))
        .addSubcommand(
            group(
                "audit",
                "Read and verify the audit log.",
                new AuditExport(terminal),
                new AuditVerify(terminal)))
        .addSubcommand(
            group(
                "operator",
                "Decide who operates this server.",
                new OperatorAdd(terminal),
                new OperatorList(terminal),
                new OperatorRemove(terminal)))
        .addSubcommand(hub(terminal))
        .addSubcommand(phone(terminal))
        .addSubcommand(new Completion(terminal));
  }

  /** A command that only has subcommands: without one of them it is wrong usage. */
  private static CommandLine group(String name, String description, Object... commands) {
    var group = new CommandLine(CommandLine.Model.CommandSpec.create().name(name));
    group
        .getCommandSpec()
        .usageMessage()
        .description(description)
        .synopsisSubcommandLabel("COMMAND");
    List.of(commands).forEach(group::addSubcommand);
    return group;
  }
}
