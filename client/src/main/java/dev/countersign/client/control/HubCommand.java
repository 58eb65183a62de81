// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.http.HubJson;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.Role;
import tools.jackson.databind.JsonNode;

/**
 * Something a hub can be told to do.
 *
 * @param role the lowest that may
 */
public record HubCommand(String name, Role role) {
  static HubCommand read(JsonNode json) throws MalformedException {
    return new HubCommand(
        HubJson.shown(HubJson.text(json, "name")), Role.parse(HubJson.text(json, "role")));
  }
}
