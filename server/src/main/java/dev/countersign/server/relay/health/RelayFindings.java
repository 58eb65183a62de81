// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Keeps what was found of relays. Instants are kept to the millisecond. */
public interface RelayFindings {
  /**
   * Adds to what was found before; nothing if the device is gone.
   *
   * @param deviceId empty for the relay in all
   */
  void add(Transaction tx, long relayId, OptionalLong deviceId, Tally tally);

  /** What was found of a relay in all, in the order of the kinds. */
  List<Tally> ofRelay(Transaction tx, long relayId);

  /**
   * What was found of devices through a relay.
   *
   * @param since only devices of which something was found at or after this
   * @return by serial, at most so many devices that follow this serial
   */
  List<DeviceTally> ofDevices(
      Transaction tx, long relayId, Instant since, String afterSerial, int limit);

  /** What was found of one device through a relay; empty if nothing was, or there is none. */
  Optional<DeviceTally> ofDevice(Transaction tx, long relayId, DeviceSerial serial);

  /** Whose the name is that a relay uses. */
  OptionalLong deviceNamed(Transaction tx, long relayId, String name);

  /** How many names a relay uses for a device. */
  int countNames(Transaction tx, long relayId, long deviceId);

  /** Gives a name to a device, whoever had it before; nothing if the device is gone. */
  void learn(Transaction tx, long relayId, String name, long deviceId, Instant at);
}
