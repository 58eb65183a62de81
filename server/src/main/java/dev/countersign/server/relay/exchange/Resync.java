// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.database.Database;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Devices;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An operator's word that this server may have forgotten numbers that devices used, as after a
 * restore: until they agreed on a new context, nothing else of theirs is answered.
 */
public final class Resync {
  private final Database database;
  private final Devices devices;
  private final ContextBook contexts;
  private final AuditLog audit;
  private final Clock clock;

  public Resync(
      Database database, Devices devices, ContextBook contexts, AuditLog audit, Clock clock) {
    this.database = database;
    this.devices = devices;
    this.contexts = contexts;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Requires it of one device.
   *
   * @return of how many contexts; empty if there is no such device
   */
  public OptionalInt require(DeviceSerial serial, String reason, AuthenticatedOperator operator) {
    return database.write(tx -> {
      Optional<Device> device = devices.find(tx, serial);
      if (device.isEmpty()) {
        return OptionalInt.empty();
      }
      int count = contexts.requireResync(tx, device.get().id());
      audit.append(
          tx,
          clock.instant(),
          operator.actor(),
          new AuditEvent.ResyncRequired(Optional.of(serial), reason, count));
      return OptionalInt.of(count);
    });
  }

  /** Requires it of all devices; returns of how many contexts. */
  public int requireOfAll(String reason, AuthenticatedOperator operator) {
    return database.write(tx -> {
      int count = contexts.requireResyncOfAll(tx);
      audit.append(
          tx,
          clock.instant(),
          operator.actor(),
          new AuditEvent.ResyncRequired(Optional.empty(), reason, count));
      return count;
    });
  }
}
