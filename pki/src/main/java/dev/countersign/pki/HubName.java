// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.protocol.pairing.HubId;

/**
 * Who a hub is, from the factory.
 *
 * @param device its maker and its serial
 * @param id its name for ever; what phones pin
 * @param domain where hubs have their names; nothing resolves it
 */
public record HubName(DeviceName device, HubId id, ServerName.Dns domain) {
  public HubName {
    // A label of 16 digits and a dot more must fit as well (RFC 1035 §2.3.4).
    new ServerName.Dns(id + "." + domain.text());
  }

  /** Its DNS name: the id, then the domain. */
  public ServerName.Dns host() {
    return new ServerName.Dns(id + "." + domain.text());
  }
}
