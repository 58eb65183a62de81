// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a SenML pack means (RFC 8428 §4), in whatever form it is written. Records come in one after
 * the other, and each is resolved with the base values before it (§4.6).
 *
 * <p>Knows no bytes: {@link SenmlReadings} and {@link SenmlCborReadings} bring labels and values.
 */
final class SenmlPack {
  /** RFC 8428 §4.4: the version this was written for. */
  private static final int VERSION = 10;

  /** RFC 8428 §4.5.3: times below 2^28 are relative to now. */
  private static final BigDecimal RELATIVE_BELOW = BigDecimal.valueOf(1L << 28);

  private static final BigDecimal YEAR_9999 = BigDecimal.valueOf(253_402_300_799L);
  private static final int MILLIS_DIGITS = 3;

  private final Instant now;
  private final List<Reading> readings = new ArrayList<>();

  // Base values: they hold until a later record changes them (§4.1).
  private String baseName = "";
  private BigDecimal baseTime = BigDecimal.ZERO;
  private BigDecimal baseValue = BigDecimal.ZERO;

  /**
   * An empty pack.
   *
   * @param now what relative times are relative to
   */
  SenmlPack(Instant now) {
    this.now = now;
  }

  /** Begins the next record. */
  Row row() {
    return new Row();
  }

  /** The readings of all records, at least one. */
  List<Reading> readings() throws MalformedException {
    if (readings.isEmpty()) {
      throw new MalformedException("body", "expected at least one value");
    }
    return List.copyOf(readings);
  }

  private void add(Reading reading) throws MalformedException {
    readings.add(reading);
    if (readings.size() > JsonReadings.MAX_READINGS) {
      throw new MalformedException(
          "body", "expected at most " + JsonReadings.MAX_READINGS + " readings");
    }
  }

  /** One record. */
  final class Row {
    private String name = "";
    private BigDecimal time = BigDecimal.ZERO;
    private @Nullable BigDecimal number;
    private @Nullable Scalar value;

    private Row() {}

    /** Takes the next field of this record. */
    void field(String label, SenmlValue field) throws MalformedException {
      switch (label) {
        case "bn" -> baseName = field.text(label);
        case "n" -> name = field.text(label);
        case "bt" -> baseTime = number(label, field);
        case "t" -> time = number(label, field);
        case "bv" -> baseValue = number(label, field);
        case "v" -> {
          onlyOneValue();
          number = number(label, field);
        }
        case "vs" -> {
          onlyOneValue();
          value = Scalar.text(label, field.text(label));
        }
        case "vb" -> {
          onlyOneValue();
          value = new Scalar.Flag(field.flag(label));
        }
        case "bver" -> version(field);
        case "bu", "u" -> field.text(label);
        case "ut" -> field.number(label);
        case "vd", "s", "bs" ->
            throw new MalformedException(
                label, "expected v, vs or vb; data and sums are not stored");
        default -> unknown(label, field);
      }
    }

    /** Resolves this record, once all its fields are there. */
    void end() throws MalformedException {
      if (number == null && value == null) {
        if (name.isEmpty()) {
          return; // §4.1: a record of base fields alone only sets them
        }
        throw new MalformedException(Reading.shown(name), "expected v, vs or vb");
      }
      String full = Reading.checkName(baseName + name);
      Scalar resolved = value != null ? value : Scalar.number(full, baseValue.add(value()));
      add(new Reading(full, resolved, at()));
    }

    private BigDecimal value() {
      return number == null ? BigDecimal.ZERO : number;
    }

    private void onlyOneValue() throws MalformedException {
      if (number != null || value != null) {
        throw new MalformedException("v", "expected one value in a record");
      }
    }

    private @Nullable Instant at() throws MalformedException {
      BigDecimal sum = baseTime.add(time);
      if (sum.signum() == 0) {
        return null; // §4.5.3: zero is "now", which the arrival time says better
      }
      if (sum.compareTo(YEAR_9999) > 0 || sum.compareTo(YEAR_9999.negate()) < 0) {
        throw new MalformedException("t", "expected seconds up to the year 9999");
      }
      long millis = sum.movePointRight(MILLIS_DIGITS).longValue();
      Instant at =
          sum.compareTo(RELATIVE_BELOW) < 0 ? now.plusMillis(millis) : Instant.ofEpochMilli(millis);
      return JsonReadings.instant(at.toString());
    }

    private static void version(SenmlValue field) throws MalformedException {
      if (field.number("bver") > VERSION) {
        throw new MalformedException("bver", "expected at most " + VERSION);
      }
    }

    /** §4.4: unknown labels are passed over, but for those that end in an underscore. */
    private static void unknown(String label, SenmlValue field) throws MalformedException {
      if (label.endsWith("_")) {
        throw new MalformedException(Reading.shown(label), "must be understood and is not");
      }
      field.skip(label);
    }

    private static BigDecimal number(String label, SenmlValue field) throws MalformedException {
      // As a double: a sum of 1 and 1e-99999999 has a hundred million digits, one of doubles 633.
      return BigDecimal.valueOf(field.number(label));
    }
  }
}
