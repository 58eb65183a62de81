// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A hub that a station made.
 *
 * @param number from 1, without a gap; what counts against the quota
 * @param kind whether the hub is new or has got another key
 * @param key the hash of the hub's SubjectPublicKeyInfo
 * @param claim the hash of what only the hub's own directory knows; who shows it may fetch the
 *     certificate again
 * @param at by the station's clock
 */
public record LedgerEntry(
    int number,
    Kind kind,
    HubId hub,
    DeviceSerial serial,
    Sha256 key,
    Sha256 claim,
    Instant at,
    X509Certificate certificate) {
  /** Why a certificate was made. */
  public enum Kind {
    NEW_HUB("hub"),
    NEW_KEY("new-key");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    /** As it stands in the ledger. */
    public String wireName() {
      return wireName;
    }
  }
}
