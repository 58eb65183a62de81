// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The register of devices. Instants are kept to the millisecond.
 *
 * <p>Where a device is named by id and there is none, changes throw {@link IllegalStateException}
 * unless said otherwise: the caller has looked it up in the same transaction.
 */
public interface Devices {
  /** Registers a device as pending, at level 0; empty if there is one of this serial. */
  Optional<Device> add(Transaction tx, NewDevice device, Instant at);

  Optional<Device> find(Transaction tx, DeviceSerial serial);

  Optional<Device> find(Transaction tx, long id);

  /** The devices of this status, or all, that follow {@code after}, by serial. */
  List<Device> list(
      Transaction tx, Optional<DeviceStatus> status, Optional<DeviceSerial> after, int limit);

  void setStatus(Transaction tx, long id, DeviceStatus status);

  /** Makes the device active and begins its next enrolment epoch. */
  void enrolled(Transaction tx, long id);

  /** Lifts the minimum of a path to this level; where it is higher, it stays. */
  void requireLevel(Transaction tx, long id, Path path, int level);

  /**
   * Notes the level just used; the minimum of this path follows it up and never down. Any level
   * above 0 closes level 0 on the other path too.
   */
  void raiseLevel(Transaction tx, long id, Path path, int level);

  /** Notes when devices were seen; never backwards, and devices that are gone are passed over. */
  void seen(Transaction tx, Map<Long, Instant> lastSeenById);

  /** Removes the device and what hangs on it; false if there was none. */
  boolean remove(Transaction tx, long id);

  /** How many active devices were neither seen nor added since. */
  long countSilent(Transaction tx, Instant since);

  /** How many devices have each status; every status is there. */
  Map<DeviceStatus, Long> count(Transaction tx);
}
