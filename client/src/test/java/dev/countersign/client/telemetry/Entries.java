// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.telemetry.JsonReadings;
import dev.countersign.protocol.telemetry.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Entries that count, and what becomes of them. */
final class Entries {
  private Entries() {}

  /** {@code {"n":number}}. */
  static Entry of(int number) {
    return new Entry(("{\"n\":" + number + "}").getBytes(UTF_8), 1);
  }

  /** From the first number up to and without the last. */
  static List<Entry> range(int from, int to) {
    return IntStream.range(from, to).mapToObj(Entries::of).toList();
  }

  /** The number in a text of this length. */
  static Entry large(int number, int chars) throws MalformedException {
    // A text has at most 1024 bytes, so it takes several readings.
    var readings = new ArrayList<Reading>();
    readings.add(new Reading("n", new Scalar.Numeric(number), null));
    for (int left = chars; left > 0; left -= 1000) {
      readings.add(new Reading("x", new Scalar.Text("x".repeat(Math.min(left, 1000))), null));
    }
    return Entry.of(readings);
  }

  /** The numbers in a message. */
  static List<Integer> numbers(Message message) {
    try {
      return JsonReadings.decode(message.body()).stream()
          .filter(reading -> reading.name().equals("n"))
          .map(reading -> (int) ((Scalar.Numeric) reading.value()).value())
          .toList();
    } catch (MalformedException e) {
      throw new AssertionError("a message is a list of readings", e);
    }
  }
}
