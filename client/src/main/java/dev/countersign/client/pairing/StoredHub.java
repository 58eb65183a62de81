// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.client.hub.HubAddress;
import dev.countersign.protocol.pairing.HubId;

/**
 * A hub that a phone is paired with.
 *
 * @param address where it answered last; no proof of anything
 * @param model as the hub said; empty if it was not asked yet
 */
public record StoredHub(PinnedHub hub, Membership phone, HubAddress address, String model) {
  public HubId id() {
    return hub.id();
  }

  /** The same hub, where it is now. */
  public StoredHub at(HubAddress newAddress) {
    return new StoredHub(hub, phone, newAddress, model);
  }

  StoredHub pinnedTo(PinnedHub newHub) {
    return new StoredHub(newHub, phone, address, model);
  }
}
