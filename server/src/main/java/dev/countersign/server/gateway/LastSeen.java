// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway;

import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.registry.Devices;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers when each device authenticated last, and writes it down now and then for all: a commit
 * per request would cost more than the request. A crash loses the last few seconds of it, nothing
 * that was acknowledged.
 */
public final class LastSeen {
  private final Map<Long, Instant> notYetWritten = new ConcurrentHashMap<>();
  private final Database database;
  private final Devices devices;
  private final Clock clock;

  public LastSeen(Database database, Devices devices, Clock clock) {
    this.database = database;
    this.devices = devices;
    this.clock = clock;
  }

  /** The device authenticated now. */
  public void note(AuthenticatedDevice device) {
    notYetWritten.put(device.id(), clock.instant());
  }

  /** Writes what was noted since the last time. */
  public void flush() {
    var taken = new HashMap<Long, Instant>();
    for (Long id : List.copyOf(notYetWritten.keySet())) {
      Instant at = notYetWritten.remove(id);
      if (at != null) {
        taken.put(id, at);
      }
    }
    if (taken.isEmpty()) {
      return;
    }
    try {
      database.write(tx -> {
        devices.seen(tx, taken);
        return null;
      });
    } catch (DatabaseException e) {
      taken.forEach(notYetWritten::putIfAbsent); // for the next time, unless seen again meanwhile
      throw e;
    }
  }
}
