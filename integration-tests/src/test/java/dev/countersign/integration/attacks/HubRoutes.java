// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import dev.countersign.protocol.pairing.Role;
import java.util.List;

/** Everything that a hub can be asked by phones, with bodies that would do something. */
final class HubRoutes {
  /** One request, and the least role that may make it. */
  record Asked(String method, String path, String body, Role least) {
    @Override
    public String toString() {
      return method + " " + path + " " + body;
    }
  }

  static final List<Asked> ROUTES =
      List.of(
          new Asked("GET", "/v1/hub", "", Role.GUEST),
          new Asked("GET", "/v1/state", "", Role.GUEST),
          new Asked("GET", "/v1/commands", "", Role.GUEST),
          new Asked("GET", "/v1/phones", "", Role.GUEST),
          new Asked("POST", "/v1/commands", "{\"ring\":true}", Role.GUEST),
          new Asked("POST", "/v1/commands", "{\"lock\":\"unlocked\"}", Role.USER),
          new Asked("POST", "/v1/commands", "{\"alarm\":true}", Role.ADMIN),
          new Asked("POST", "/v1/commands", "{\"wipe\":\"all\"}", Role.OWNER),
          new Asked("POST", "/v1/invitations", "{\"role\":\"guest\"}", Role.ADMIN),
          new Asked("POST", "/v1/invitations", "{\"role\":\"user\"}", Role.ADMIN),
          new Asked("POST", "/v1/invitations", "{\"role\":\"admin\"}", Role.OWNER),
          new Asked("POST", "/v1/window", "{\"role\":\"user\"}", Role.OWNER),
          new Asked("DELETE", "/v1/window", "", Role.OWNER),
          new Asked("POST", "/v1/recovery-card", "", Role.OWNER),
          new Asked("PUT", "/v1/time", "{\"time\":\"2100-01-01T00:00:00Z\"}", Role.OWNER),
          new Asked("POST", "/v1/transfer", "{}", Role.OWNER));

  private HubRoutes() {}
}
