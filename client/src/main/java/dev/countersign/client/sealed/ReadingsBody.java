// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.telemetry.JsonReadings;
import dev.countersign.protocol.telemetry.Reading;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * Readings as the body of {@code POST d}: an array of maps, as short as CBOR can be, since relays
 * count characters.
 *
 * <p>The same readings are the same bytes in every version of this program: a message that is sent
 * again after an update must be the one that the server knows.
 */
final class ReadingsBody {
  private static final String AT = "at";

  /** RFC 8949 §3.4.4, a tag of one byte. */
  private static final byte[] DECIMAL_FRACTION = {(byte) 0xc4};

  /** Beyond it a decimal fraction is no shorter than a double. */
  private static final long MAX_MANTISSA = (1L << 32) - 1;

  private static final int MAX_DECIMALS = 6;
  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

  private ReadingsBody() {}

  /** From what a queue holds. */
  static byte[] ofJson(byte[] json) throws MalformedException {
    return encode(JsonReadings.decode(json));
  }

  static byte[] encode(List<Reading> readings) {
    var out = new CborWriter().array(readings.size());
    for (Reading reading : readings) {
      boolean timed = reading.at().isPresent();
      boolean timeFirst = timed && isBefore(AT, reading.name());
      out.map(timed ? 2 : 1);
      if (timeFirst) {
        time(out, reading.at().get());
      }
      out.text(reading.name());
      value(out, reading.value());
      if (timed && !timeFirst) {
        time(out, reading.at().get());
      }
    }
    return out.toByteArray();
  }

  /** RFC 8949 §4.2.1: by their encoded bytes, which begin with the length. */
  private static boolean isBefore(String first, String second) {
    return first.length() != second.length()
        ? first.length() < second.length()
        : first.compareTo(second) < 0;
  }

  private static void time(CborWriter out, Instant at) {
    out.text(AT);
    if (at.getNano() == 0 && at.getEpochSecond() >= 0) {
      out.unsigned(at.getEpochSecond());
    } else {
      out.text(at.toString());
    }
  }

  private static void value(CborWriter out, Scalar value) {
    if (value instanceof Scalar.Numeric number) {
      out.raw(shortest(number.value()));
    } else if (value instanceof Scalar.Text text) {
      out.text(text.value());
    } else {
      out.flag(((Scalar.Flag) value).value());
    }
  }

  /** 21.37 takes nine bytes as a double and six as a decimal fraction. */
  private static byte[] shortest(double number) {
    byte[] binary = new CborWriter().number(number).toByteArray();
    // Not by Double.toString, whose digits depend on the age of the platform.
    for (int digits = 1; digits <= MAX_DECIMALS; digits++) {
      double shifted = Math.rint(number * POWERS[digits]);
      if (Math.abs(shifted) > MAX_MANTISSA) {
        return binary;
      }
      if (BigDecimal.valueOf((long) shifted, digits).doubleValue() == number) {
        byte[] fraction = fraction(-digits, (long) shifted);
        return fraction.length < binary.length ? fraction : binary;
      }
    }
    return binary;
  }

  private static byte[] fraction(int exponent, long mantissa) {
    return new CborWriter()
        .raw(DECIMAL_FRACTION)
        .array(2)
        .integer(exponent)
        .integer(mantissa)
        .toByteArray();
  }
}
