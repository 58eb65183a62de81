// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ledgers of several stations beside each other. A station knows its own alone; that no key is
 * in two hubs of two lines is seen only here.
 */
public final class StationComparison {
  private final List<String> repeated;

  private StationComparison(List<String> repeated) {
    this.repeated = repeated;
  }

  /** Compares stations; the same station may be among them as several copies. */
  public static StationComparison of(Collection<StationRecord> stations) {
    var repeated = new ArrayList<String>();
    Map<Sha256, LedgerEntry> byKey = new HashMap<>();
    Map<DeviceSerial, HubId> bySerial = new HashMap<>();
    for (StationRecord station : stations) {
      for (LedgerEntry entry : station.entries()) {
        LedgerEntry other = byKey.putIfAbsent(entry.key(), entry);
        if (other != null && !other.certificate().equals(entry.certificate())) {
          repeated.add(
              "hubs %s and %s have one key: %s"
                  .formatted(other.hub(), entry.hub(), entry.key().hex()));
        }
        HubId holder = bySerial.putIfAbsent(entry.serial(), entry.hub());
        if (holder != null && !holder.equals(entry.hub())) {
          repeated.add(
              "hubs %s and %s have one serial: %s".formatted(holder, entry.hub(), entry.serial()));
        }
      }
    }
    return new StationComparison(List.copyOf(repeated));
  }

  /** What must not be, one sentence each; empty if all is well. */
  public List<String> repeated() {
    return repeated;
  }
}
