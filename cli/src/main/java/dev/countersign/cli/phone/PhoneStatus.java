// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubEvent;
import dev.countersign.client.control.HubEvents;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.HubStatus;
import dev.countersign.client.control.ListedPhone;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign phone status}. */
@Command(
    name = "status",
    description = "Show the hub, what this phone is there, and the state of the device.")
public final class PhoneStatus extends HubCommand {
  @Option(
      names = "--follow",
      description = "Go on with what happens there, as it happens, until Ctrl-C.")
  private boolean follow;

  public PhoneStatus(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    if (follow) {
      follow(session, output);
    } else {
      show(session.status(), session.state(), session.hub().address().toString(), output);
    }
  }

  private static void show(
      HubStatus status, Map<String, Scalar> state, String address, Output output)
      throws CommandException {
    ObjectNode json =
        Json.object()
            .put("hubId", status.id().toString())
            .put("model", status.model())
            .put("serial", status.serial())
            .put("address", address)
            .put("epoch", status.epoch())
            .put("phoneId", status.phoneId())
            .put("name", status.name())
            .put("role", status.role().wireName())
            .put("expires", status.expires().map(Instant::toString).orElse(null))
            .put("time", status.time().map(Instant::toString).orElse(null));
    json.set("state", States.json(state));
    output.json(json);
    output.done("hub %s (%s) at %s".formatted(status.id(), status.model(), address));
    output.fields(
        List.of(
            new Output.Field("this phone", Printable.text(status.name())),
            new Output.Field("role", status.role().wireName()),
            new Output.Field("until", status.expires().map(Printable::time).orElse("-")),
            new Output.Field(
                "hub's time",
                status
                    .time()
                    .map(Printable::time)
                    .orElse("unknown; an owner can set it: countersign phone set-time"))));
    output.text("");
    States.fields(state, output);
  }

  private static void follow(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    try (HubEvents events = session.events()) {
      while (true) {
        HubEvent event = events.next();
        show(event, output);
        if (event instanceof HubEvent.Removed) {
          throw CommandException.refused(
              "this phone was removed from hub " + session.hub().id(),
              "ask an owner of the hub for an invitation");
        }
      }
    }
  }

  private static void show(HubEvent event, Output output) throws CommandException {
    switch (event) {
      case HubEvent.StateChanged(Map<String, Scalar> state) -> {
        output.json(Json.object().put("type", "state").set("state", States.json(state)));
        output.text(
            Printable.text(
                state.entrySet().stream()
                    .map(each -> each.getKey() + "=" + States.text(each.getValue()))
                    .collect(Collectors.joining("  "))));
      }
      case HubEvent.PhoneChanged(String change, ListedPhone phone) -> {
        output.json(
            Json.object()
                .put("type", "phone")
                .put("change", change)
                .set("phone", PhonePhones.json(phone)));
        output.text(
            Printable.text(
                "phone %s (%s, %s) %s"
                    .formatted(phone.name(), phone.id(), phone.role().wireName(), change)));
      }
      case HubEvent.PairingChanged(String change, int failures) -> {
        output.json(
            Json.object().put("type", "pairing").put("change", change).put("failures", failures));
        output.text(Printable.text("pairing " + change + ", failures: " + failures));
      }
      case HubEvent.Removed() -> output.json(Json.object().put("type", "removed"));
    }
  }
}
