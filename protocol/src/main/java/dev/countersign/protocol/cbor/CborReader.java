// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.cbor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Reads the part of CBOR (RFC 8949) that messages are written in: definite lengths, integers of 64
 * bits, floats, decimal fractions, texts, byte strings, flags. All else is refused, with the field
 * it stood in.
 *
 * <p>Work and memory are linear in the number of bytes: a length is held against the bytes that are
 * left before anything is made of it. Not thread-safe.
 */
public final class CborReader {
  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int SIMPLE = 7;

  /** RFC 8949 §3: the argument stands in one, two, four or eight bytes that follow. */
  private static final int ONE_BYTE = 24;

  private static final int TWO_BYTES = 25;
  private static final int FOUR_BYTES = 26;
  private static final int EIGHT_BYTES = 27;

  /** RFC 8949 §3.3. */
  private static final int FALSE = 20;

  private static final int TRUE = 21;
  private static final int NIL = 22;
  private static final int FIRST_LONG_SIMPLE = 32;

  /** RFC 8949 §3.4.4: {@code [exponent, mantissa]}, to the base of ten. */
  private static final int DECIMAL_FRACTION = 4;

  /** Beyond any double, and short enough that nobody writes out its digits. */
  private static final int MAX_EXPONENT = 1000;

  private static final int MAX_TEXT_BYTES = 8 * Scalar.MAX_TEXT_BYTES;

  private final ByteBuffer in;

  /** Reads these bytes, which are not copied. */
  public CborReader(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  /** Reads the head of an array, and returns how many items follow. */
  public int array(String field) throws MalformedException {
    return length(field, head(field, ARRAY, "an array"), 1);
  }

  /** Whether an array comes next. */
  public boolean isArray() {
    return in.hasRemaining() && majorType() == ARRAY;
  }

  /** Reads the head of a map, and returns how many pairs follow. */
  public int map(String field) throws MalformedException {
    return length(field, head(field, MAP, "a map"), 2);
  }

  /** Whether a text comes next. */
  public boolean isText() {
    return in.hasRemaining() && majorType() == TEXT;
  }

  /** Whether a whole number from 0 comes next. */
  public boolean isUnsigned() {
    return in.hasRemaining() && majorType() == UNSIGNED;
  }

  /** A text of at most 8 KiB. */
  public String text(String field) throws MalformedException {
    int length = length(field, head(field, TEXT, "a text"), 1);
    if (length > MAX_TEXT_BYTES) {
      throw new MalformedException(field, "expected at most " + MAX_TEXT_BYTES + " bytes of text");
    }
    ByteBuffer content = in.slice();
    Buffer bounds = content;
    bounds.limit(length);
    advance(length);
    try {
      return UTF_8.newDecoder().decode(content).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException(field, "expected a text in UTF-8", e);
    }
  }

  /** Whether a byte string comes next. */
  public boolean isBytes() {
    return in.hasRemaining() && majorType() == BYTES;
  }

  /** A byte string of at most so many bytes. */
  public byte[] bytes(String field, int maxBytes) throws MalformedException {
    int length = length(field, head(field, BYTES, "a byte string"), 1);
    if (length > maxBytes) {
      throw new MalformedException(field, "expected at most " + maxBytes + " bytes");
    }
    var content = new byte[length];
    in.get(content);
    return content;
  }

  /** A whole number from 0 to 2^63 - 1. */
  public long unsigned(String field) throws MalformedException {
    long number = head(field, UNSIGNED, "a whole number from 0");
    if (number < 0) {
      throw new MalformedException(field, "expected a number below 2^63");
    }
    return number;
  }

  /** Whether null comes next; if so, it is passed over. */
  public boolean nil() {
    boolean isNil = in.hasRemaining() && (in.get(in.position()) & 0xff) == (SIMPLE << 5 | NIL);
    if (isNil) {
      advance(1);
    }
    return isNil;
  }

  /** What comes next is true or false. */
  public boolean isFlag() {
    int initial = in.hasRemaining() ? in.get(in.position()) & 0xff : 0;
    return initial == (SIMPLE << 5 | FALSE) || initial == (SIMPLE << 5 | TRUE);
  }

  /** True or false. */
  public boolean flag(String field) throws MalformedException {
    int initial = next(field);
    if (initial != (SIMPLE << 5 | FALSE) && initial != (SIMPLE << 5 | TRUE)) {
      throw new MalformedException(field, "expected true or false");
    }
    return initial == (SIMPLE << 5 | TRUE);
  }

  /** An integer, a float of any length, or a decimal fraction (RFC 8428 §6). */
  public double number(String field) throws MalformedException {
    int initial = peek(field);
    if (initial >> 5 == SIMPLE) {
      return floating(field);
    } else if (initial == (TAG << 5 | DECIMAL_FRACTION)) {
      return decimalFraction(field);
    }
    return Scalar.number(field, new BigDecimal(integer(field))).value();
  }

  /** An integer between -2^64 and 2^64 - 1. */
  public BigInteger integer(String field) throws MalformedException {
    int major = peek(field) >> 5;
    if (major != UNSIGNED && major != NEGATIVE) {
      throw new MalformedException(field, "expected a number");
    }
    var unsigned = new BigInteger(Long.toUnsignedString(argument(field)));
    // RFC 8949 §3.1: -1 less the argument.
    return major == UNSIGNED ? unsigned : unsigned.not();
  }

  /** A number, a text of at most 1 KiB, or a flag. */
  public Scalar scalar(String field) throws MalformedException {
    if (isText()) {
      return Scalar.text(field, text(field));
    } else if (isFlag()) {
      return new Scalar.Flag(flag(field));
    }
    return new Scalar.Numeric(number(field));
  }

  private double floating(String field) throws MalformedException {
    double value =
        switch (next(field) & 31) {
          case TWO_BYTES -> Half.value(ahead(field, Short.BYTES).getShort());
          case FOUR_BYTES -> ahead(field, Float.BYTES).getFloat();
          case EIGHT_BYTES -> ahead(field, Double.BYTES).getDouble();
          default -> throw new MalformedException(field, "expected a number");
        };
    if (!Double.isFinite(value)) {
      throw new MalformedException(field, "expected a finite number");
    }
    return value;
  }

  private double decimalFraction(String field) throws MalformedException {
    in.get();
    if (array(field) != 2) {
      throw new MalformedException(field, "expected exponent and mantissa in a decimal fraction");
    }
    BigInteger exponent = integer(field);
    if (exponent.abs().compareTo(BigInteger.valueOf(MAX_EXPONENT)) > 0) {
      throw new MalformedException(field, "expected an exponent within ±" + MAX_EXPONENT);
    }
    return Scalar.number(field, new BigDecimal(integer(field), -exponent.intValue())).value();
  }

  /** Passes over one item of any kind, with at most this many levels of items within items. */
  public void skip(String field, int maxDepth) throws MalformedException {
    if (maxDepth == 0) {
      throw new MalformedException(field, "expected less nesting");
    }
    int major = peek(field) >> 5;
    if (major == SIMPLE) {
      skipSimple(field);
      return;
    }
    long argument = argument(field);
    switch (major) {
      case BYTES, TEXT -> advance(length(field, argument, 1));
      case ARRAY -> skipItems(field, length(field, argument, 1), maxDepth);
      case MAP -> skipItems(field, 2 * length(field, argument, 2), maxDepth);
      case TAG -> skip(field, maxDepth - 1);
      default -> {} // an integer ends with its argument
    }
  }

  private void skipItems(String field, int count, int maxDepth) throws MalformedException {
    for (int i = 0; i < count; i++) {
      skip(field, maxDepth - 1);
    }
  }

  private void skipSimple(String field) throws MalformedException {
    int information = peek(field) & 31;
    long value = argument(field);
    // RFC 8949 §3.3: what fits into one byte must not stand in two.
    if (information == ONE_BYTE && value < FIRST_LONG_SIMPLE) {
      throw new MalformedException(field, "expected well-formed CBOR");
    }
  }

  /** Refuses what follows the one item that was expected. */
  public void end() throws MalformedException {
    if (in.hasRemaining()) {
      throw new MalformedException("body", "expected one CBOR item and nothing after it");
    }
  }

  private long head(String field, int major, String expected) throws MalformedException {
    if (peek(field) >> 5 != major) {
      throw new MalformedException(field, "expected " + expected);
    }
    return argument(field);
  }

  /** RFC 8949 §3: what the initial byte says, or the bytes behind it. */
  private long argument(String field) throws MalformedException {
    int information = next(field) & 31;
    return switch (information) {
      case ONE_BYTE -> next(field);
      case TWO_BYTES -> Short.toUnsignedLong(ahead(field, Short.BYTES).getShort());
      case FOUR_BYTES -> Integer.toUnsignedLong(ahead(field, Integer.BYTES).getInt());
      case EIGHT_BYTES -> ahead(field, Long.BYTES).getLong();
      default -> {
        // RFC 8428 §6: a pack has definite lengths; 28 to 30 are not well-formed anywhere.
        if (information > EIGHT_BYTES) {
          throw new MalformedException(field, "expected well-formed CBOR of definite length");
        }
        yield information;
      }
    };
  }

  /** Holds a count of items against the bytes that are left, of which each needs some. */
  private int length(String field, long argument, int bytesEach) throws MalformedException {
    if (argument < 0 || argument > in.remaining() / bytesEach) {
      throw cutOff(field);
    }
    return (int) argument;
  }

  private int majorType() {
    return (in.get(in.position()) & 0xff) >> 5;
  }

  private int peek(String field) throws MalformedException {
    return ahead(field, 1).get(in.position()) & 0xff;
  }

  private int next(String field) throws MalformedException {
    return ahead(field, 1).get() & 0xff;
  }

  /** By way of Buffer: Android 8 has no position(int) that returns a ByteBuffer. */
  private void advance(int bytes) {
    Buffer cursor = in;
    cursor.position(cursor.position() + bytes);
  }

  private ByteBuffer ahead(String field, int bytes) throws MalformedException {
    if (in.remaining() < bytes) {
      throw cutOff(field);
    }
    return in;
  }

  private static MalformedException cutOff(String field) {
    return new MalformedException(field, "expected more bytes, got the end of the body");
  }
}
