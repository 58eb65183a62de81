// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.http.HubJson;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.Role;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A phone on a hub's list.
 *
 * @param id names it towards the hub
 * @param status {@code active}, or {@code pending} while it pairs
 * @param addedBy the id of the phone that invited it; empty for one that was paired at the hub
 * @param lastSeen by the hub's time; empty if it was not seen while that was known
 * @param expires when its access ends; empty for never
 */
public record ListedPhone(
    String id,
    String name,
    Role role,
    String status,
    long epoch,
    Optional<String> addedBy,
    Optional<Instant> lastSeen,
    Optional<Instant> expires) {
  static ListedPhone read(JsonNode json) throws MalformedException {
    JsonNode addedBy = json.path("addedBy");
    return new ListedPhone(
        HubJson.shown(HubJson.text(json, "id")),
        HubJson.shown(HubJson.text(json, "name")),
        Role.parse(HubJson.text(json, "role")),
        HubJson.shown(HubJson.text(json, "status")),
        json.path("epoch").asLong(0),
        addedBy.isString() ? Optional.of(HubJson.shown(addedBy.asString())) : Optional.empty(),
        HubJson.instant(json, "lastSeen"),
        HubJson.instant(json, "expires"));
  }
}
