// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How relays call devices: the first device that sealed a message under a name has it. A relay that
 * gives one device's message another's name is found out; one whose modules were exchanged is
 * believed after {@value #TAKEN_OVER_AFTER} messages in a row. Bounded; not thread-safe.
 */
final class NameBook {
  /** So often in a row, and the name belongs to the other device. */
  static final int TAKEN_OVER_AFTER = 8;

  /** A device behind more modules than this is not told apart by them. */
  private static final int MAX_NAMES_PER_DEVICE = 4;

  private final RelayFindings findings;
  private final Map<Key, Owner> entries;

  private record Key(long relayId, String name) {}

  /**
   * @param pretender the device that came under this name instead, so often in a row
   */
  private record Owner(long deviceId, long pretender, int times) {}

  NameBook(RelayFindings findings, int maxNames) {
    this.findings = findings;
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Owner> eldest) {
            return size() > maxNames;
          }
        };
  }

  /** Whether a message that this device sealed came under a name of another. */
  boolean isSwapped(Transaction tx, long relayId, String name, long deviceId, Instant at) {
    var key = new Key(relayId, name);
    Owner known = entries.get(key);
    if (known == null) {
      OptionalLong owner = findings.deviceNamed(tx, relayId, name);
      if (owner.isEmpty()) {
        learn(tx, key, deviceId, at);
        return false;
      }
      known = new Owner(owner.getAsLong(), 0, 0);
    }
    if (known.deviceId() == deviceId) {
      entries.put(key, new Owner(deviceId, 0, 0));
      return false;
    }
    int times = known.pretender() == deviceId ? known.times() + 1 : 1;
    if (times >= TAKEN_OVER_AFTER) {
      findings.learn(tx, relayId, name, deviceId, at);
      entries.put(key, new Owner(deviceId, 0, 0));
    } else {
      entries.put(key, new Owner(known.deviceId(), deviceId, times));
    }
    return true;
  }

  private void learn(Transaction tx, Key key, long deviceId, Instant at) {
    if (findings.countNames(tx, key.relayId(), deviceId) < MAX_NAMES_PER_DEVICE) {
      findings.learn(tx, key.relayId(), key.name(), deviceId, at);
      entries.put(key, new Owner(deviceId, 0, 0));
    }
  }

  /** Forgets what is in memory: the database may have undone what was learned. */
  void forget() {
    entries.clear();
  }
}
