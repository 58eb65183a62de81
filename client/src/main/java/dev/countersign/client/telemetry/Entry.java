// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.telemetry.JsonReadings;
import dev.countersign.protocol.telemetry.Reading;
import java.util.Arrays;
import java.util.List;

/**
 * Readings that are taken into the queue together: there whole or not at all. Immutable.
 *
 * <p>Holds them as they are sent, JSON objects separated by commas: what was checked once is not
 * written a second time by another version of this program.
 */
public final class Entry {
  /** Fits into one message, with its brackets. */
  static final int MAX_BYTES = Message.MAX_BYTES - 2;

  private final byte[] objects;
  private final int readings;

  Entry(byte[] objects, int readings) {
    this.objects = objects;
    this.readings = readings;
  }

  /**
   * Readings to be sent.
   *
   * @throws MalformedException if they are none, or more than one message holds
   */
  public static Entry of(List<Reading> readings) throws MalformedException {
    if (readings.isEmpty() || readings.size() > JsonReadings.MAX_READINGS) {
      throw new MalformedException(
          "readings",
          "expected 1 to " + JsonReadings.MAX_READINGS + " readings, got " + readings.size());
    }
    byte[] array = JsonReadings.encode(readings);
    byte[] objects = Arrays.copyOfRange(array, 1, array.length - 1);
    if (objects.length > MAX_BYTES) {
      throw new MalformedException(
          "readings", "expected at most " + MAX_BYTES + " bytes, got " + objects.length);
    }
    return new Entry(objects, readings.size());
  }

  byte[] objects() {
    return objects;
  }

  int readings() {
    return readings;
  }
}
