// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import java.util.Locale;

/** What can be counted of a relay. Names are part of the operator API: added to, never renamed. */
public enum FindingKind {
  /** Sealed by a device, for the first time. */
  DELIVERED("opened for the first time"),
  /** Numbers that were skipped and did not come within {@link SequenceTracker#PATIENCE}. */
  LOST("numbers that never came"),
  /** More than {@link RelayHealth#LATE_AFTER} on the way, or after a number had been given up. */
  LATE("came late"),
  /** After a later number, but soon. */
  REORDERED("came out of order"),
  /** The same bytes again, soon; relays that try again do this. */
  DUPLICATED("came twice"),
  /** A used number with other bytes, or long after. */
  REPLAYED("used numbers again"),
  /** Names a device's key, and does not open with it. */
  ALTERED("did not open with the key they name"),
  /** Under a name that belongs to another device. */
  SWAPPED("came under another device's name"),
  /** Of no device here, or of one that may not use this way. */
  UNPROVEN("came from nobody known"),
  /** No sealed messages. */
  MALFORMED("were no sealed messages"),
  /** The device began its numbers further up, as after a restart. */
  RESTARTED("restarts of devices");

  private final String meaning;

  FindingKind(String meaning) {
    this.meaning = meaning;
  }

  /** In words, after a number. */
  public String meaning() {
    return meaning;
  }

  /** Whether an honest relay does not do this. */
  public boolean isGrave() {
    return this == REPLAYED || this == ALTERED || this == SWAPPED;
  }

  /** As the operator API writes it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
