// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.PhoneClient;
import dev.countersign.client.hub.BouncyCastleHubTransport;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubDiscovery.FoundHub;
import dev.countersign.client.pairing.FilePhoneStorage;
import dev.countersign.client.pairing.PairingResult;
import dev.countersign.client.pairing.StoredHub;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PhoneName;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign phone pair}. */
@Command(
    name = "pair",
    description = {
      "Pair with a hub by the code on its screen, its label, an invitation or a recovery card.",
      "The code says which hub and which key it must have; any other is sent nothing."
    })
public final class PhonePair extends PhoneCommand {
  private static final Duration LOOK = Duration.ofSeconds(3);

  @Parameters(
      index = "0",
      paramLabel = "CODE",
      description =
          "The text of a QR code, ten digits, @FILE with one of them, a picture, or - to read it"
              + " from stdin. Every user of this machine can read a command line: better give a"
              + " file, a picture or -.")
  private String given = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "What this phone is called on the hub's list.")
  private String name = "";

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "Where the hub is. Without it, it is looked for by multicast DNS.")
  private Optional<String> address = Optional.empty();

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description =
          "Roots of makers (PEM): pair with their hubs only. Without it, the hub's own root is kept"
              + " when the code has proved the hub.")
  private Optional<Path> root = Optional.empty();

  public PhonePair(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    requireName();
    Codes.Given code = Codes.read(given, System.in);
    Optional<List<X509Certificate>> roots = roots();
    HubAddress where = address.isPresent() ? Codes.address(address.get()) : look(code);
    try (StateDirectory _ = StateDirectory.open(state())) {
      pair(code, where, roots, output);
    } catch (StateDirectory.InUseException e) {
      throw CommandException.refused(
          "another command pairs the phone in " + state(), "wait until it has ended");
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  private void requireName() throws CommandException {
    try {
      PhoneName.check(name);
    } catch (MalformedException e) {
      throw CommandException.usage("--name: " + e.problem(), "such as \"Anna's phone\"");
    }
  }

  private Optional<List<X509Certificate>> roots() throws CommandException {
    if (root.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<X509Certificate> found = Certificates.parsePem(Files.readString(root.get()));
      if (!found.isEmpty()) {
        return Optional.of(found);
      }
    } catch (IOException e) {
      throw Codes.unreadable(root.get(), e);
    } catch (MalformedException e) {
      // The same as none at all.
    }
    throw CommandException.refused(
        root.get() + " holds no certificate", "give the maker's root in PEM");
  }

  /** A code says which hub; digits do not, so there must be one alone. */
  private static HubAddress look(Codes.Given code) throws CommandException {
    Optional<HubId> meant =
        code instanceof Codes.Given.Scanned(PairingCode scanned)
            ? Optional.of(scanned.hub())
            : Optional.empty();
    List<FoundHub> found;
    try {
      found =
          new HubSearch()
              .find(LOOK).stream()
                  .filter(hub -> meant.isEmpty() || hub.id().equals(meant.get()))
                  .toList();
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot look for hubs: " + Problems.reason(e), "give the hub's address with --address");
    }
    if (found.isEmpty()
        || (meant.isEmpty() && found.stream().map(FoundHub::id).distinct().count() > 1)) {
      throw CommandException.unreachable(
          found.isEmpty()
              ? meant.map(id -> "hub " + id + " does").orElse("no hub does")
                  + " not announce itself"
              : "several hubs announce themselves here",
          "say where it is with --address HOST:PORT");
    }
    return found.getFirst().address();
  }

  private void pair(
      Codes.Given code, HubAddress where, Optional<List<X509Certificate>> roots, Output output)
      throws CommandException, IOException {
    var storage = new FilePhoneStorage(state());
    PhoneClient phone =
        roots.isPresent()
            ? PhoneClient.ofMakers(storage, new BouncyCastleHubTransport(), roots.get())
            : PhoneClient.of(storage);
    try {
      report(
          switch (code) {
            case Codes.Given.Scanned(PairingCode scanned) -> phone.pair(scanned, name, where);
            case Codes.Given.Typed(ManualCode typed) -> phone.pair(typed, name, where);
          },
          output);
    } catch (IOException | ProtocolException | GeneralSecurityException e) {
      throw new HubFailures(this, where).explain(e);
    }
  }

  private void report(PairingResult result, Output output) throws CommandException {
    switch (result) {
      case PairingResult.Paired(StoredHub hub, Optional<PairingCode> card) ->
          paired(hub, card, output);
      case PairingResult.Refused() ->
          throw CommandException.refused(
              "the hub refuses this code: it is spent, expired, mistyped or of another hub",
              "read a new one from the hub's screen, or ask for another invitation");
      case PairingResult.Closed() ->
          throw CommandException.refused(
              "the hub takes no phones at the moment",
              "press its button, or let an owner run `countersign phone add`");
      case PairingResult.Busy() ->
          throw CommandException.refused(
              "another phone is pairing", "try again in a minute, with a new code");
      case PairingResult.Full() ->
          throw CommandException.refused(
              "the hub's list of phones is full",
              "let an owner remove one: `countersign phone remove PHONE`");
      case PairingResult.Lapsed() ->
          throw CommandException.refused(
              "the hub gave up waiting for this phone", "pair again, with a new code");
    }
  }

  private void paired(StoredHub hub, Optional<PairingCode> card, Output output)
      throws CommandException {
    ObjectNode json =
        Json.object()
            .put("hubId", hub.id().toString())
            .put("model", hub.model())
            .put("address", hub.address().toString())
            .put("role", hub.phone().role().wireName())
            .put("phoneId", hub.phone().phoneId())
            .put("epoch", hub.phone().epoch());
    json.put("recoveryCard", card.map(CodeText::of).orElse(null));
    output.json(json);
    output.done(
        "paired with hub %s%s as %s"
            .formatted(
                hub.id(),
                hub.model().isEmpty() ? "" : " (" + hub.model() + ")",
                hub.phone().role().wireName()));
    output.done("this phone is " + hub.phone().phoneId() + " there");
    if (card.isPresent()) {
      output.text("");
      CodeText.show(card.get(), output);
      output.done("this is the recovery card: print it and put it away, it is not shown again");
      output.next("it pairs an owner, after a press on the button, when all phones are lost");
    }
    output.next(command("status") + " shows the hub");
  }
}
