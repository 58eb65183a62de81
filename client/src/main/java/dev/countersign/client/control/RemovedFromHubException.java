// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.HubId;

/**
 * The hub does not know this phone any more: an owner or admin removed it, its access has ended, or
 * the hub was reset. What the phone stores of the hub is of no use now; it has to pair again.
 */
public final class RemovedFromHubException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  RemovedFromHubException(HubId hub) {
    super("hub " + hub + " does not know this phone any more");
  }
}
