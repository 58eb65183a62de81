// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.http.HubJson;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Something that happened at a hub. */
public sealed interface HubEvent {
  /** The state, whole: at first, and on each change. */
  record StateChanged(Map<String, Scalar> state) implements HubEvent {}

  /**
   * The list of phones changed; for owners and admins.
   *
   * @param change what was done with the phone, as the hub writes it: paired, removed, changed
   */
  record PhoneChanged(String change, ListedPhone phone) implements HubEvent {}

  /**
   * Something about pairing; for owners and admins.
   *
   * @param change what happened to the window, as the hub writes it: opened, failed, closed, burned
   * @param failures since the button was pressed
   */
  record PairingChanged(String change, int failures) implements HubEvent {}

  /** This phone was removed. Nothing comes after it. */
  record Removed() implements HubEvent {}

  /**
   * Reads one.
   *
   * @return empty for a kind that is newer than this program
   */
  static Optional<HubEvent> parse(String text) throws MalformedException {
    JsonNode json = HubJson.parse(text);
    return switch (HubJson.text(json, "type")) {
      case "state" -> Optional.of(new StateChanged(HubJson.scalars(json.path("state"))));
      case "phone" ->
          Optional.of(new PhoneChanged(change(json), ListedPhone.read(json.path("phone"))));
      case "pairing" ->
          Optional.of(new PairingChanged(change(json), json.path("failures").asInt(0)));
      case "removed" -> Optional.of(new Removed());
      default -> Optional.empty();
    };
  }

  private static String change(JsonNode json) throws MalformedException {
    return HubJson.shown(HubJson.text(json, "change"));
  }
}
