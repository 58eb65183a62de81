// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.http.HubJson;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.Role;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a hub says of itself and of this phone.
 *
 * @param phoneId this phone on the hub's list
 * @param role of this phone, now
 * @param expires when this phone's access ends; empty for never
 * @param time the hub's; empty if it does not know
 * @param keyCounter 0 for the hub's first key
 */
public record HubStatus(
    HubId id,
    String model,
    String serial,
    long epoch,
    String phoneId,
    String name,
    Role role,
    Optional<Instant> expires,
    Optional<Instant> time,
    long keyCounter) {
  static HubStatus read(JsonNode json) throws MalformedException {
    return new HubStatus(
        HubId.parse(HubJson.text(json, "hubId")),
        HubJson.shown(HubJson.text(json, "model")),
        HubJson.shown(HubJson.text(json, "serial")),
        json.path("epoch").asLong(0),
        HubJson.shown(HubJson.text(json, "phoneId")),
        HubJson.shown(HubJson.text(json, "name")),
        Role.parse(HubJson.text(json, "role")),
        HubJson.instant(json, "expires"),
        HubJson.instant(json, "time"),
        json.path("keyCounter").asLong(0));
  }
}
