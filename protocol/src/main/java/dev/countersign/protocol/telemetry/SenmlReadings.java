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
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * SenML packs in JSON (RFC 8428 §5). A record is resolved with the base values before it (§4.6)
 * into a {@link Reading} whose name is base name and name together.
 *
 * <p>Refused, with the field named: data values ({@code vd}), sums without a value ({@code s}), and
 * labels ending in an underscore that a receiver must understand (§4.4). Units are not kept.
 */
public final class SenmlReadings {
  /** RFC 8428 §4.4: the version this was written for. */
  private static final int VERSION = 10;

  /** RFC 8428 §4.5.3: times below 2^28 are relative to now. */
  private static final BigDecimal RELATIVE_BELOW = BigDecimal.valueOf(1L << 28);

  private static final BigDecimal YEAR_9999 = BigDecimal.valueOf(253_402_300_799L);
  private static final int MILLIS_DIGITS = 3;

  private SenmlReadings() {}

  /**
   * Reads a pack of at least one value.
   *
   * @param now what relative times are relative to
   */
  public static List<Reading> decode(byte[] body, Instant now) throws MalformedException {
    var readings = new ArrayList<Reading>();
    try (JsonParser parser = JsonReadings.JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new MalformedException("body", "expected a SenML pack, a JSON array of records");
      }
      var base = new Base();
      for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
        if (t != JsonToken.START_OBJECT) {
          throw new MalformedException("body", "expected records in the SenML pack");
        }
        Reading reading = new Row(base).read(parser, now);
        if (reading != null) {
          readings.add(reading);
        }
        if (readings.size() > JsonReadings.MAX_READINGS) {
          throw new MalformedException(
              "body", "expected at most " + JsonReadings.MAX_READINGS + " readings");
        }
      }
      if (parser.nextToken() != null) {
        throw new MalformedException("body", "expected one SenML pack and nothing after it");
      }
    } catch (JacksonException e) {
      throw JsonReadings.notJson(e);
    }
    if (readings.isEmpty()) {
      throw new MalformedException("body", "expected at least one value");
    }
    return List.copyOf(readings);
  }

  /** Base values: they hold until a later record changes them (§4.1). */
  private static final class Base {
    String name = "";
    BigDecimal time = BigDecimal.ZERO;
    BigDecimal value = BigDecimal.ZERO;
  }

  /** One record. */
  private static final class Row {
    private final Base base;
    private String name = "";
    private BigDecimal time = BigDecimal.ZERO;
    private @Nullable BigDecimal number;
    private @Nullable Scalar value;

    Row(Base base) {
      this.base = base;
    }

    @Nullable Reading read(JsonParser parser, Instant now) throws MalformedException {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String label = parser.currentName();
        parser.nextToken();
        readField(parser, label);
      }
      if (number == null && value == null) {
        if (name.isEmpty()) {
          return null; // §4.1: a record of base fields alone only sets them
        }
        throw new MalformedException(Reading.shown(name), "expected v, vs or vb");
      }
      String full = Reading.checkName(base.name + name);
      Scalar resolved = value != null ? value : Scalar.number(full, base.value.add(value()));
      return new Reading(full, resolved, at(now));
    }

    private BigDecimal value() {
      return number == null ? BigDecimal.ZERO : number;
    }

    private void readField(JsonParser parser, String label) throws MalformedException {
      switch (label) {
        case "bn" -> base.name = text(parser, label);
        case "n" -> name = text(parser, label);
        case "bt" -> base.time = number(parser, label);
        case "t" -> time = number(parser, label);
        case "bv" -> base.value = number(parser, label);
        case "v" -> {
          onlyOneValue();
          number = number(parser, label);
        }
        case "vs" -> {
          onlyOneValue();
          value = Scalar.text(label, text(parser, label));
        }
        case "vb" -> {
          onlyOneValue();
          value = flag(parser);
        }
        case "bver" -> version(parser);
        case "bu", "u" -> text(parser, label);
        case "ut" -> number(parser, label);
        case "vd", "s", "bs" ->
            throw new MalformedException(
                label, "expected v, vs or vb; data and sums are not stored");
        default -> unknown(parser, label);
      }
    }

    private void onlyOneValue() throws MalformedException {
      if (number != null || value != null) {
        throw new MalformedException("v", "expected one value in a record");
      }
    }

    private static Scalar flag(JsonParser parser) throws MalformedException {
      if (JsonReadings.value(parser, "vb") instanceof Scalar.Flag flag) {
        return flag;
      }
      throw new MalformedException("vb", "expected true or false");
    }

    private static void version(JsonParser parser) throws MalformedException {
      if (number(parser, "bver").compareTo(BigDecimal.valueOf(VERSION)) > 0) {
        throw new MalformedException("bver", "expected at most " + VERSION);
      }
    }

    /** §4.4: unknown labels are passed over, but for those that end in an underscore. */
    private static void unknown(JsonParser parser, String label) throws MalformedException {
      if (label.endsWith("_")) {
        throw new MalformedException(Reading.shown(label), "must be understood and is not");
      }
      parser.skipChildren();
    }

    private @Nullable Instant at(Instant now) throws MalformedException {
      BigDecimal sum = base.time.add(time);
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

    private static String text(JsonParser parser, String label) throws MalformedException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw new MalformedException(label, "expected a text");
      }
      return parser.getString();
    }

    private static BigDecimal number(JsonParser parser, String label) throws MalformedException {
      JsonToken token = parser.currentToken();
      if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
        throw new MalformedException(label, "expected a number");
      }
      // As a double: a sum of 1 and 1e-99999999 has a hundred million digits, one of doubles 633.
      return BigDecimal.valueOf(Scalar.number(label, JsonReadings.decimal(parser, label)).value());
    }
  }
}
