// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub.factory;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.factory.Quota;
import dev.countersign.hub.factory.StationMaker;
import dev.countersign.hub.factory.StationRecord;
import dev.countersign.hub.factory.StationRefusedException;
import dev.countersign.protocol.ReleaseTime;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.ConfigFile;
import dev.countersign.server.ServerConfig;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Initialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign hub station create}. */
@Command(
    name = "create",
    description = {
      "Make a station for a production line: run this where the maker's root is.",
      "Its directory goes to the line, which needs no network and no server."
    })
public final class HubStationCreate implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The installation with the root (default: $COUNTERSIGN_DATA).")
  private @Nullable Path data;

  @Option(
      names = "--station",
      paramLabel = "DIR",
      required = true,
      description = "Where to make the station; must not exist.")
  private Path station = Path.of("");

  @Option(
      names = "--quota",
      paramLabel = "N",
      required = true,
      description = "How many hubs it may make, at most 10000.")
  private int quota;

  @Option(
      names = "--until",
      paramLabel = "DATE",
      required = true,
      description = "The last day, as 2027-02-19 (UTC), or a time as 2027-02-19T12:00:00Z.")
  private String until = "";

  @Option(
      names = "--name",
      paramLabel = "LINE",
      defaultValue = "line",
      description = "What people call the line (default: ${DEFAULT-VALUE}).")
  private String name = "";

  @Option(
      names = "--domain",
      paramLabel = "NAME",
      defaultValue = Initialization.DEFAULT_HUB_DOMAIN,
      description = "Where its hubs have their names (default: ${DEFAULT-VALUE}).")
  private String domain = "";

  @Option(
      names = "--root-passphrase-file",
      paramLabel = "FILE",
      description = "Opens the root's key with the first line; else it is asked for.")
  private Optional<Path> passphraseFile = Optional.empty();

  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description = "Where the root's key was moved to (default: DIR/offline/root.key).")
  private Optional<Path> rootKey = Optional.empty();

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  public HubStationCreate(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    var directory = new DataDirectory(data == null ? terminal.defaultData() : data);
    Instant now = terminal.clock().instant();
    if (now.isBefore(ReleaseTime.EARLIEST)) {
      throw CommandException.refused(
          "this machine's clock says " + Printable.time(now) + ", which cannot be",
          "set the clock: a station begins and ends by it");
    }
    Instant end = end(until);
    try {
      var request =
          new StationMaker.Request(
              name, quota, end, FactoryProblems.domain(domain), enterpriseNumber(directory));
      if (Files.exists(station)) {
        throw CommandException.refused(
            station + " exists already", "a station is made once; choose another --station");
      }
      Quota made =
          new OfflineRoot(directory.root(), rootKey.orElse(directory.offlineRootKey()))
              .open(passphraseFile, new SecureRandom())
              .make(station, request, now);
      if (Duration.between(now, end).compareTo(StationMaker.USUAL_LIFE) > 0) {
        terminal.warning(
            "this station lives longer than %d days: until %s, whoever takes its key makes hubs"
                    .formatted(StationMaker.USUAL_LIFE.toDays(), Printable.time(end))
                + " that every app accepts");
      }
      report(made, StationRecord.open(station));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          Objects.requireNonNullElse(e.getMessage(), "a value is out of its range"),
          "`countersign hub station create --help` shows what it takes");
    } catch (IOException e) {
      throw FactoryProblems.of(e);
    } catch (StationRefusedException e) {
      throw FactoryProblems.of(e);
    }
    return 0;
  }

  /** A day counts to its end, in UTC. */
  private static Instant end(String text) throws CommandException {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text)
              .plusDays(1)
              .atStartOfDay()
              .toInstant(ZoneOffset.UTC)
              .minusSeconds(1);
    } catch (DateTimeException e) {
      throw CommandException.usage(
          "--until: expected a day as 2027-02-19, got '" + text + "'",
          "a line lives 90 days at most");
    }
  }

  /** The same number as devices have, if this installation configures one. */
  private static long enterpriseNumber(DataDirectory directory) throws IOException {
    return Files.exists(directory.config())
        ? ConfigFile.read(directory.config()).privateEnterpriseNumber()
        : ServerConfig.DEFAULT.privateEnterpriseNumber();
  }

  private void report(Quota made, StationRecord record) throws CommandException {
    var output = new Output(terminal, json);
    ObjectNode view = new JsonMapper().createObjectNode();
    view.put("directory", station.toString());
    view.put("station", made.station());
    view.put("name", made.name());
    view.put("quota", made.hubs());
    view.put("until", made.until().toString());
    view.put("domain", made.domain().text());
    view.put("authoritySha256", Certificates.fingerprint(record.authority()).hex());
    view.put("rootSha256", Certificates.fingerprint(record.root()).hex());
    output.json(view);
    output.done("station    " + made.station() + "  " + made.name());
    output.done("quota      " + made.hubs() + " hubs until " + Printable.time(made.until()));
    output.done("names      below " + made.domain().text());
    output.done("authority  " + Certificates.fingerprint(record.authority()).hex());
    output.done("directory  " + station + " (0700, with the line's key)");
    output.text("");
    output.next(
        "carry "
            + station
            + " to the line, and leave no copy here: whoever has it makes hubs until its end");
    output.next("there: countersign hub provision --state DIR --station " + station);
  }
}
