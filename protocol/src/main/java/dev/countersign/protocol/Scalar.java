// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.erdtman.jcs.NumberToJSON;

/**
 * A plain value: what a reading measures and what a setting is set to.
 *
 * <p>Numbers are IEEE 754 doubles, as in I-JSON (RFC 7493 §2.2), so that every receiver reads the
 * same number. An integer that a double cannot hold is refused rather than rounded.
 */
public sealed interface Scalar {
  /** Longest text, in UTF-8 bytes. */
  int MAX_TEXT_BYTES = 1024;

  /** A finite number. */
  record Numeric(double value) implements Scalar {
    public Numeric {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a number must be finite");
      }
      // RFC 8785 §3.2.2.3 writes minus zero as 0; equal texts must be equal values.
      value = value == 0 ? 0 : value;
    }

    @Override
    public Double plain() {
      return value;
    }
  }

  /** A text of at most {@link #MAX_TEXT_BYTES} bytes in UTF-8. */
  record Text(String value) implements Scalar {
    public Text {
      if (utf8Length(value) > MAX_TEXT_BYTES) {
        throw new IllegalArgumentException("a text is longer than " + MAX_TEXT_BYTES + " bytes");
      }
      if (!UTF_8.newEncoder().canEncode(value)) {
        throw new IllegalArgumentException("a text has half a surrogate pair");
      }
    }

    @Override
    public String plain() {
      return value;
    }
  }

  /** True or false. */
  record Flag(boolean value) implements Scalar {
    @Override
    public Boolean plain() {
      return value;
    }
  }

  /** The Java value a JSON writer understands: a {@code Double}, {@code String} or Boolean. */
  Object plain();

  /**
   * The value as people write it in JSON: 60 rather than 60.0, which is the same number. A {@code
   * Long}, {@code Double}, {@code String} or Boolean.
   */
  default Object json() {
    if (this instanceof Numeric number
        && number.value() == Math.rint(number.value())
        && Math.abs(number.value()) <= MAX_EXACT_LONG) {
      return (long) number.value();
    }
    return plain();
  }

  /** 2^53, see {@link #MAX_EXACT}. */
  long MAX_EXACT_LONG = 1L << 53;

  /** The number that this text writes, exactly as I-JSON allows it. */
  static Numeric number(String field, BigDecimal value) throws MalformedException {
    double nearest = value.doubleValue();
    if (!Double.isFinite(nearest)) {
      throw new MalformedException(field, "expected a number within ±1.8e308");
    }
    if (isWhole(value) && value.abs().compareTo(MAX_EXACT) > 0 && !isHeldBy(nearest, value)) {
      throw new MalformedException(
          field, "expected a whole number that a double holds, send larger ones as text");
    }
    return new Numeric(nearest);
  }

  /** A text from outside. */
  static Text text(String field, String value) throws MalformedException {
    if (utf8Length(value) > MAX_TEXT_BYTES) {
      throw new MalformedException(
          field, "expected at most " + MAX_TEXT_BYTES + " bytes of text, got " + utf8Length(value));
    }
    // RFC 7493 §2.1: receivers disagree on what half a surrogate pair is.
    if (!UTF_8.newEncoder().canEncode(value)) {
      throw new MalformedException(field, "expected Unicode text, got half a surrogate pair");
    }
    return new Text(value);
  }

  /**
   * Reads a value where there are no JSON types, as in a query or on a command line: a JSON number
   * becomes a number, {@code true} and {@code false} a flag, all else a text.
   */
  static Scalar parse(String field, String text) throws MalformedException {
    if (text.equals("true") || text.equals("false")) {
      return new Flag(text.equals("true"));
    }
    if (text.length() <= MAX_NUMBER_CHARS && JSON_NUMBER.matcher(text).matches()) {
      return number(field, new BigDecimal(text));
    }
    return text(field, text);
  }

  /** 2^53: beyond it two neighbouring integers share one double. */
  BigDecimal MAX_EXACT = BigDecimal.valueOf(MAX_EXACT_LONG);

  /** Longer than any double needs; keeps hostile digits out of {@link BigDecimal}. */
  int MAX_NUMBER_CHARS = 40;

  /** RFC 8259 §6; the exponent is short, because {@code 1e999999999} is nobody's reading. */
  Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,3})?");

  /** Written in digits alone; with an exponent it is a float, which may be rounded. */
  private static boolean isWhole(BigDecimal value) {
    return value.scale() >= 0 && value.stripTrailingZeros().scale() <= 0;
  }

  /** Whether the digits are those of the double, or those by which RFC 8785 writes it. */
  private static boolean isHeldBy(double number, BigDecimal digits) {
    try {
      return new BigDecimal(number).compareTo(digits) == 0
          || new BigDecimal(NumberToJSON.serializeNumber(number)).compareTo(digits) == 0;
    } catch (IOException e) {
      throw new AssertionError("a finite number has a JSON form", e);
    }
  }

  private static int utf8Length(String value) {
    return value.getBytes(UTF_8).length;
  }
}
