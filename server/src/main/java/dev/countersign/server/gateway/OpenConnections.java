// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway;

import dev.countersign.server.http.Connection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which connections belong to which device, so that a revocation can end them. */
public final class OpenConnections {
  private final Map<Long, Set<Connection>> byDevice = new ConcurrentHashMap<>();

  /** Notes that this device is on this connection, until it closes. */
  public void add(long deviceId, Connection connection) {
    byDevice.compute(
        deviceId,
        (id, set) -> {
          Set<Connection> open = set == null ? ConcurrentHashMap.newKeySet() : set;
          open.add(connection);
          return open;
        });
    connection.onClose(() -> remove(deviceId, connection));
  }

  private void remove(long deviceId, Connection connection) {
    byDevice.computeIfPresent(
        deviceId,
        (id, set) -> {
          set.remove(connection);
          return set.isEmpty() ? null : set;
        });
  }

  /** Ends every connection of a device. Does not wait. */
  public void closeAll(long deviceId) {
    byDevice.getOrDefault(deviceId, Set.of()).forEach(Connection::close);
  }

  /** Devices that are connected now. */
  public int devices() {
    return byDevice.size();
  }
}
