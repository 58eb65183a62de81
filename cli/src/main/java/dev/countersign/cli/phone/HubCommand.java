// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.PhoneClient;
import dev.countersign.client.PhoneClient.Opening;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.pairing.StoredHub;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.HubId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A command of a phone to one of its hubs. */
abstract class HubCommand extends PhoneCommand {
  @Option(
      names = "--hub",
      paramLabel = "ID",
      description = "Which hub, if this phone has several; see 'phone list'.")
  private Optional<String> hub = Optional.empty();

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "Where the hub is now (default: where it answered last).")
  private Optional<String> address = Optional.empty();

  HubCommand(Terminal terminal) {
    super(terminal);
  }

  /** What is said to the hub. */
  abstract void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException;

  @Override
  final void run(Output output) throws CommandException {
    PhoneClient phone = phone();
    StoredHub stored = stored(phone);
    HubAddress where = address.isPresent() ? Codes.address(address.get()) : stored.address();
    var failures = new HubFailures(this, where);
    try (HubSession session = open(phone, stored, where, failures)) {
      run(session, output);
    } catch (IOException | ProtocolException | GeneralSecurityException e) {
      throw failures.explain(e);
    }
  }

  private static HubSession open(
      PhoneClient phone, StoredHub stored, HubAddress where, HubFailures failures)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    return switch (phone.open(stored.id(), where)) {
      case Opening.Opened(HubSession session) -> session;
      case Opening.HubChanged(var how) -> throw failures.explain(how);
      case Opening.RemovedFromHub() -> throw failures.removed(stored.id());
      case Opening.NotPaired() -> throw failures.removed(stored.id());
    };
  }

  final StoredHub stored(PhoneClient phone) throws CommandException {
    List<StoredHub> hubs;
    try {
      hubs = phone.hubs();
    } catch (IOException e) {
      throw cannotRead(e);
    }
    if (hub.isPresent()) {
      HubId id = id(hub.get());
      return hubs.stream()
          .filter(each -> each.id().equals(id))
          .findFirst()
          .orElseThrow(() ->
              CommandException.refused(
                  "this phone is not paired with hub " + id, command("list") + " shows its hubs"));
    }
    if (hubs.size() == 1) {
      return hubs.getFirst();
    }
    throw hubs.isEmpty()
        ? CommandException.refused(
            "this phone is not paired with any hub", command("pair CODE --name N") + " pairs it")
        : CommandException.usage(
            "this phone has " + hubs.size() + " hubs",
            "say which with --hub ID; " + command("list") + " shows them");
  }

  private static HubId id(String text) throws CommandException {
    try {
      return HubId.parse(text);
    } catch (MalformedException e) {
      throw CommandException.usage(
          "--hub expects an id of 16 hexadecimal digits, got " + text,
          "`phone list` shows the ids");
    }
  }
}
