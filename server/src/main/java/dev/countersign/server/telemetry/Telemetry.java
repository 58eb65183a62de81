// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.database.Database;
import dev.countersign.server.registry.Devices;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Takes readings from devices that proved who they are, and gives them to operators. There is no
 * way to record for a serial.
 */
public final class Telemetry {
  private final ReadingStore store;
  private final Database database;
  private final Devices devices;
  private final Clock clock;

  public Telemetry(ReadingStore store, Database database, Devices devices, Clock clock) {
    this.store = store;
    this.database = database;
    this.devices = devices;
    this.clock = clock;
  }

  /**
   * Records the readings of one message.
   *
   * @param listener the listener it came through
   * @param claim the message's sequence number, if it had one
   * @return completes when they are on disk
   */
  public CompletableFuture<RecordOutcome> record(
      AuthenticatedDevice device,
      List<Reading> readings,
      String listener,
      Optional<SequenceClaim> claim) {
    OptionalLong sequence =
        claim.isPresent() ? OptionalLong.of(claim.get().sequence()) : OptionalLong.empty();
    var provenance =
        new Provenance(device.keyHash().hex(), device.level(), listener, clock.instant(), sequence);
    return store.record(
        new ReadingBatch(
            device.id(), device.device().enrolmentEpoch(), readings, provenance, claim));
  }

  /** The last readings of a device, oldest first; empty if there is no such device. */
  public Optional<List<StoredReading>> latest(DeviceSerial serial, int limit) {
    return id(serial).map(id -> store.latest(id, limit).reversed());
  }

  /** The readings that arrived since, oldest first; empty if there is no such device. */
  public Optional<List<StoredReading>> since(DeviceSerial serial, Instant from, int limit) {
    // To the end of time: what arrives under a clock that is ahead is not to be missed.
    return id(serial)
        .map(id -> store.between(id, from, Instant.ofEpochMilli(Long.MAX_VALUE), limit));
  }

  private Optional<Long> id(DeviceSerial serial) {
    return database.read(tx -> devices.find(tx, serial).map(device -> device.id()));
  }
}
