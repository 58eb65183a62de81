// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.database.Database;
import dev.countersign.server.disk.Room;
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
  /** What arrives under a clock that is ahead is not to be missed. */
  private static final Instant END_OF_TIME = Instant.ofEpochMilli(Long.MAX_VALUE);

  private static final int PAGE = 1000;

  private final ReadingStore store;
  private final Database database;
  private final Devices devices;
  private final Room room;
  private final Clock clock;

  public Telemetry(ReadingStore store, Database database, Devices devices, Room room, Clock clock) {
    this.store = store;
    this.database = database;
    this.devices = devices;
    this.room = room;
    this.clock = clock;
  }

  /**
   * Records the readings of one message.
   *
   * @param listener the listener it came through
   * @param claim the message's sequence number, if it had one
   * @return completes when they are on disk
   * @throws dev.countersign.server.database.DiskFullException if there is no room for them
   */
  public CompletableFuture<RecordOutcome> record(
      AuthenticatedDevice device,
      List<Reading> readings,
      String listener,
      Optional<SequenceClaim> claim) {
    room.require();
    OptionalLong sequence =
        claim.isPresent() ? OptionalLong.of(claim.get().sequence()) : OptionalLong.empty();
    var provenance =
        new Provenance(device.keyId(), device.level(), listener, clock.instant(), sequence);
    return store.record(
        new ReadingBatch(
            device.id(), device.device().enrolmentEpoch(), readings, provenance, claim));
  }

  /** The last readings of a device, oldest first; empty if there is no such device. */
  public Optional<List<StoredReading>> latest(DeviceSerial serial, int limit) {
    return id(serial).map(id -> store.latest(id, limit).reversed());
  }

  /** Whether there is such a device, perhaps without readings. */
  public boolean knows(DeviceSerial serial) {
    return id(serial).isPresent();
  }

  private Optional<Long> id(DeviceSerial serial) {
    return database.read(tx -> devices.find(tx, serial).map(device -> device.id()));
  }

  /** Takes readings one after the other; may wait. */
  @FunctionalInterface
  public interface ReadingSink {
    void accept(StoredReading reading) throws InterruptedException;
  }

  /**
   * Gives every reading that arrived since to the sink, oldest first, a page at a time: however
   * many there are, few are in memory. Gives none if there is no such device.
   */
  public void forEachSince(DeviceSerial serial, Instant from, ReadingSink sink)
      throws InterruptedException {
    Optional<Long> id = id(serial);
    if (id.isEmpty()) {
      return;
    }
    Instant cursor = from;
    int seenAtCursor = 0; // arrivals share a millisecond; those given before are passed over
    while (true) {
      List<StoredReading> page = store.between(id.get(), cursor, END_OF_TIME, PAGE + seenAtCursor);
      for (StoredReading reading : page.subList(Math.min(seenAtCursor, page.size()), page.size())) {
        sink.accept(reading);
      }
      if (page.size() < PAGE + seenAtCursor) {
        return;
      }
      Instant last = page.getLast().provenance().arrivedAt();
      seenAtCursor =
          (int) page.stream().filter(r -> r.provenance().arrivedAt().equals(last)).count();
      cursor = last;
    }
  }
}
