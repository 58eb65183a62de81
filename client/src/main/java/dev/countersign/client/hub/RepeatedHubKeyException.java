// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;

/**
 * An alarm: one public key under two hub ids. Either the factory gave one key to two hubs, or the
 * maker's authority has certified a copy; both hubs can pose as each other. Nothing was sent.
 */
public final class RepeatedHubKeyException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  private final transient Sha256 key;
  private final transient HubId known;
  private final transient HubId second;

  public RepeatedHubKeyException(Sha256 key, HubId known, HubId second) {
    super(
        "ALARM: the key "
            + key
            + " is that of hub "
            + known
            + " and of hub "
            + second
            + ": each of them can pose as the other");
    this.key = key;
    this.known = known;
    this.second = second;
  }

  public Sha256 key() {
    return key;
  }

  /** The hub that had the key first. */
  public HubId known() {
    return known;
  }

  public HubId second() {
    return second;
  }
}
