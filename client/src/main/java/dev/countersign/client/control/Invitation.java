// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.http.HubJson;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.PairingCode;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * A code for another phone, good once.
 *
 * @param validFor from now
 */
public record Invitation(PairingCode code, Duration validFor) {
  static Invitation read(JsonNode json) throws MalformedException {
    return new Invitation(
        PairingCode.parse(HubJson.text(json, "code")),
        Duration.ofSeconds(json.path("validForSeconds").asLong(0)));
  }
}
