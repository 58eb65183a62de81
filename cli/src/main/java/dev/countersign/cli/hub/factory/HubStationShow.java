// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub.factory;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Output.Field;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.factory.LedgerEntry;
import dev.countersign.hub.factory.StationComparison;
import dev.countersign.hub.factory.StationRecord;
import dev.countersign.hub.factory.StationRefusedException;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign hub station show}. */
@Command(
    name = "show",
    description = {
      "Show what a station was allowed and what it made, and verify all of it.",
      "Several stations are compared: no key and no serial may be in two hubs."
    })
public final class HubStationShow implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--station",
      paramLabel = "DIR",
      required = true,
      description = "A station's directory, with or without its key; may be repeated.")
  private List<Path> stations = new ArrayList<>();

  @Option(names = "--hubs", description = "List every hub it made.")
  private boolean hubs;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  public HubStationShow(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    var output = new Output(terminal, json);
    var records = new ArrayList<StationRecord>();
    try {
      for (Path station : stations) {
        StationRecord record = StationRecord.open(station);
        record.verifyCertificates();
        records.add(record);
      }
    } catch (IOException e) {
      throw FactoryProblems.of(e);
    } catch (StationRefusedException e) {
      throw FactoryProblems.of(e);
    }
    for (StationRecord record : records) {
      if (hubs) {
        list(record, output);
      } else {
        show(record, output);
      }
    }
    List<String> repeated = StationComparison.of(records).repeated();
    if (!repeated.isEmpty()) {
      throw CommandException.refused(
          String.join("; ", repeated),
          "take these hubs out of service: one that has another's key is that other one");
    }
    return 0;
  }

  private void show(StationRecord record, Output output) throws CommandException {
    boolean over = !terminal.clock().instant().isBefore(record.quota().until());
    ObjectNode view = new JsonMapper().createObjectNode();
    view.put("station", record.quota().station());
    view.put("name", record.quota().name());
    view.put("quota", record.quota().hubs());
    view.put("issued", record.entries().size());
    view.put("delivered", record.delivered());
    view.put("until", record.quota().until().toString());
    view.put("ended", over);
    view.put("domain", record.quota().domain().text());
    view.put("authoritySha256", Certificates.fingerprint(record.authority()).hex());
    view.put("rootSha256", Certificates.fingerprint(record.root()).hex());
    view.put("ledgerSha256", record.head().hex());
    output.json(view);
    output.text(record.quota().station() + "  " + record.quota().name());
    output.fields(
        List.of(
            new Field(
                "made",
                "%d of %d hubs, %d delivered"
                    .formatted(record.entries().size(), record.quota().hubs(), record.delivered())),
            new Field(
                "until", Printable.time(record.quota().until()) + (over ? ", which is over" : "")),
            new Field("names", "below " + record.quota().domain().text()),
            new Field("authority", Certificates.fingerprint(record.authority()).hex()),
            new Field("root", Certificates.fingerprint(record.root()).hex()),
            new Field("ledger", record.head().hex())));
  }

  private static void list(StationRecord record, Output output) throws CommandException {
    String station = record.quota().station();
    try (Table table = output.table("STATION", "NUMBER", "KIND", "HUB", "SERIAL", "KEY", "AT")) {
      for (LedgerEntry entry : record.entries()) {
        output.json(view(station, entry));
        if (!output.isJson()) {
          table.row(
              station,
              Integer.toString(entry.number()),
              entry.kind().wireName(),
              entry.hub().toString(),
              entry.serial().value(),
              entry.key().hex().substring(0, 16) + "…",
              Printable.time(entry.at()));
        }
      }
    }
  }

  private static ObjectNode view(String station, LedgerEntry entry) {
    ObjectNode view = new JsonMapper().createObjectNode();
    view.put("station", station);
    view.put("number", entry.number());
    view.put("kind", entry.kind().wireName());
    view.put("hubId", entry.hub().toString());
    view.put("serial", entry.serial().value());
    view.put("keySha256", entry.key().hex());
    view.put("certificateSha256", Certificates.fingerprint(entry.certificate()).hex());
    view.put("at", entry.at().toString());
    return view;
  }
}
