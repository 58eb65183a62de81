// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import tools.jackson.databind.json.JsonMapper;

/** The configuration file that {@code init} writes: what was chosen, and what can be. */
final class ConfigTemplate {
  private static final JsonMapper JSON = new JsonMapper();

  private ConfigTemplate() {}

  static String render(Initialization.Request request) {
    // JSON's texts and lists are YAML's, with every quote in its place.
    return """
    # Countersign. No secrets belong here. Every key is explained in docs/operations.md; what is
    # not said has its default, and what is misspelt is an error. Restart after a change.
    organization: %s
    # Names of this server besides localhost. The server CA was limited to these by init.
    hostnames: %s
    # Your IANA private enterprise number; 32473 is the example of RFC 5612.
    privateEnterpriseNumber: 32473

    #listeners:
    #  address: 0.0.0.0
    #  devicePort: 8443
    #  pskPort: 8444
    #  operatorPort: 9443
    #  plainPort: 8080
    #tls:
    #  provider: auto
    #limits:
    #  maxRequestBytes: 65536
    #readings:
    #  retentionDays: 400
    #  maxBytes: 0
    #disk:
    #  stopFreeBytes: 268435456
    #log:
    #  level: info
    #  format: text
    """
        .formatted(
            JSON.writeValueAsString(request.organization()),
            JSON.writeValueAsString(request.hostnames()));
  }
}
