// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plain CBOR readings (ours, docs/protocol.md): a flat map of names to numbers, texts and flags, or
 * an array of such maps. What they mean and what is refused is as in {@link JsonReadings}, with one
 * thing more: {@code at} may be a number, the seconds since 1970, since small devices have no
 * calendar.
 *
 * <p>Refused besides: indefinite lengths, tags other than decimal fractions, numbers that are not
 * finite.
 */
public final class CborReadings {
  private static final String AT = "at";
  private static final int MILLIS_DIGITS = 3;

  private static final BigDecimal LAST_MILLI =
      BigDecimal.valueOf(JsonReadings.LATEST.toEpochMilli());

  private CborReadings() {}

  /** Reads a body of at least one reading. Times in seconds are taken to the millisecond. */
  public static List<Reading> decode(byte[] body) throws MalformedException {
    var in = new CborReader(body);
    var readings = new ArrayList<Reading>();
    if (in.isArray()) {
      for (int maps = in.array("body"); maps > 0; maps--) {
        decodeMap(in, readings);
      }
    } else {
      decodeMap(in, readings);
    }
    in.end();
    if (readings.isEmpty()) {
      throw new MalformedException("body", "expected at least one reading");
    }
    return List.copyOf(readings);
  }

  private static void decodeMap(CborReader in, List<Reading> readings) throws MalformedException {
    int first = readings.size();
    var seen = new HashSet<String>();
    Instant at = null;
    for (int pairs = in.map("body"); pairs > 0; pairs--) {
      String name = in.text("name");
      if (!seen.add(name)) {
        throw new MalformedException(Reading.shown(name), "expected once, got it twice");
      }
      if (name.equals(AT)) {
        at = instant(in);
      } else {
        Reading.checkName(name);
        readings.add(new Reading(name, in.scalar(name), null));
      }
      if (readings.size() > JsonReadings.MAX_READINGS) {
        throw new MalformedException(
            "body", "expected at most " + JsonReadings.MAX_READINGS + " readings");
      }
    }
    if (at != null) {
      JsonReadings.measuredAt(readings, first, at);
    }
  }

  private static Instant instant(CborReader in) throws MalformedException {
    if (in.isText()) {
      return JsonReadings.instant(in.text(AT));
    }
    // As the double is written, not as it is: 1763757000.1 is no fraction of two.
    BigDecimal millis = BigDecimal.valueOf(in.number(AT)).movePointRight(MILLIS_DIGITS);
    if (millis.signum() < 0 || millis.compareTo(LAST_MILLI) > 0) {
      throw new MalformedException(AT, "expected a year between 1970 and 9999");
    }
    return Instant.ofEpochMilli(millis.longValue());
  }

  /**
   * Writes readings in their order, those of one time in one map, as short as possible.
   *
   * @throws IllegalArgumentException for a reading called {@code at}, which only SenML can carry
   */
  public static byte[] encode(List<Reading> readings) {
    List<List<Reading>> maps = maps(readings);
    var out = new CborWriter();
    if (maps.size() != 1) {
      out.array(maps.size());
    }
    for (List<Reading> map : maps) {
      @Nullable Instant at = map.get(0).measuredAt();
      out.map(map.size() + (at == null ? 0 : 1));
      for (Reading reading : map) {
        out.text(reading.name()).scalar(reading.value());
      }
      if (at != null) {
        writeTime(out.text(AT), at);
      }
    }
    return out.toByteArray();
  }

  private static List<List<Reading>> maps(List<Reading> readings) {
    var maps = new ArrayList<List<Reading>>();
    Set<String> names = new HashSet<>();
    @Nullable Instant at = null;
    for (Reading reading : readings) {
      if (reading.name().equals(AT)) {
        throw new IllegalArgumentException("a reading called at would be its time");
      }
      boolean fits = !names.contains(reading.name()) && Objects.equals(at, reading.measuredAt());
      if (maps.isEmpty() || !fits) {
        maps.add(new ArrayList<>());
        names.clear();
        at = reading.measuredAt();
      }
      maps.get(maps.size() - 1).add(reading);
      names.add(reading.name());
    }
    return maps;
  }

  private static void writeTime(CborWriter out, Instant at) {
    if (at.equals(Instant.ofEpochMilli(at.toEpochMilli()))) {
      out.number(BigDecimal.valueOf(at.toEpochMilli(), MILLIS_DIGITS).doubleValue());
    } else {
      out.text(at.toString());
    }
  }
}
