// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.PhoneClient;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign phone forget}. */
@Command(
    name = "forget",
    description = {
      "Forget a hub, and destroy this phone's key for it.",
      "The hub is not told: an owner removes the phone there."
    })
public final class PhoneForget extends PhoneCommand {
  @Option(
      names = "--hub",
      paramLabel = "ID",
      description = "Which hub, if this phone has several; see 'phone list'.")
  private Optional<String> hub = Optional.empty();

  public PhoneForget(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    PhoneClient phone = phone();
    try (StateDirectory _ = StateDirectory.open(state())) {
      HubId id = hub.isPresent() ? HubId.parse(hub.get()) : only(phone);
      phone.forget(id);
      output.json(Json.object().put("hubId", id.toString()));
      output.done("hub " + id + " forgotten");
    } catch (MalformedException e) {
      throw CommandException.usage("--hub: " + e.problem(), command("list") + " shows the ids");
    } catch (GeneralSecurityException e) {
      throw CommandException.refused(
          "the phone's key could not be destroyed: " + e.getMessage(), "try again");
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  private HubId only(PhoneClient phone) throws CommandException, IOException {
    List<HubId> ids = phone.hubs().stream().map(each -> each.id()).toList();
    if (ids.size() != 1) {
      throw ids.isEmpty()
          ? CommandException.refused(
              "this phone is not paired with any hub", "there is nothing to forget")
          : CommandException.usage(
              "this phone has " + ids.size() + " hubs",
              "say which with --hub ID; " + command("list") + " shows them");
    }
    return ids.getFirst();
  }
}
