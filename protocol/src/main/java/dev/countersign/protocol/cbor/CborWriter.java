// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.cbor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.Scalar;
import java.io.ByteArrayOutputStream;

/**
 * Writes CBOR in its core deterministic encoding (RFC 8949 §4.2.1), as long as the caller puts the
 * keys of a map in order. Not thread-safe.
 */
public final class CborWriter {
  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int SIMPLE = 7;

  private static final int DIRECT = 24;
  private static final int FALSE = 20;
  private static final int TRUE = 21;
  private static final int NIL = 22;
  private static final int HALF = 25;
  private static final int SINGLE = 26;
  private static final int DOUBLE = 27;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Begins with nothing. */
  public CborWriter() {}

  /** Begins an array of so many items. */
  public CborWriter array(int items) {
    return head(ARRAY, items);
  }

  /** Begins a map of so many pairs. */
  public CborWriter map(int pairs) {
    return head(MAP, pairs);
  }

  public CborWriter text(String text) {
    byte[] encoded = text.getBytes(UTF_8);
    head(TEXT, encoded.length);
    return raw(encoded);
  }

  public CborWriter bytes(byte[] bytes) {
    head(BYTES, bytes.length);
    return raw(bytes);
  }

  /** A whole number from 0. */
  public CborWriter unsigned(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("expected a number from 0, got " + number);
    }
    return head(UNSIGNED, number);
  }

  /** A whole number. */
  public CborWriter integer(long number) {
    return number < 0 ? head(NEGATIVE, ~number) : head(UNSIGNED, number);
  }

  public CborWriter flag(boolean flag) {
    out.write(SIMPLE << 5 | (flag ? TRUE : FALSE));
    return this;
  }

  /** CBOR's null. */
  public CborWriter nil() {
    out.write(SIMPLE << 5 | NIL);
    return this;
  }

  /** A finite number: an integer if it is whole and fits 64 bits, else the shortest exact float. */
  public CborWriter number(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("expected a finite number");
    }
    if (number == (long) number && Math.abs(number) < 0x1p63 && !isNegativeZero(number)) {
      return integer((long) number);
    }
    short half = Half.of((float) number);
    if ((double) (float) number != number) {
      return floating(DOUBLE, Double.doubleToLongBits(number), Long.BYTES);
    } else if (Half.value(half) != (float) number) {
      return floating(SINGLE, Float.floatToIntBits((float) number), Integer.BYTES);
    }
    return floating(HALF, half, Short.BYTES);
  }

  /** A number, a text or a flag. */
  public CborWriter scalar(Scalar value) {
    if (value instanceof Scalar.Numeric number) {
      return number(number.value());
    } else if (value instanceof Scalar.Text text) {
      return text(text.value());
    }
    return flag(((Scalar.Flag) value).value());
  }

  private static boolean isNegativeZero(double number) {
    return Double.doubleToLongBits(number) == Double.doubleToLongBits(-0.0);
  }

  private CborWriter floating(int width, long bits, int bytes) {
    out.write(SIMPLE << 5 | width);
    return bigEndian(bits, bytes);
  }

  /** What is CBOR already. */
  public CborWriter raw(byte[] encoded) {
    out.write(encoded, 0, encoded.length);
    return this;
  }

  /** RFC 8949 §4.2.1: the shortest form of the argument. */
  private CborWriter head(int major, long argument) {
    int type = major << 5;
    if (Long.compareUnsigned(argument, DIRECT) < 0) {
      out.write(type | (int) argument);
      return this;
    } else if (argument >>> 8 == 0) {
      out.write(type | DIRECT);
      return bigEndian(argument, 1);
    } else if (argument >>> 16 == 0) {
      out.write(type | DIRECT + 1);
      return bigEndian(argument, Short.BYTES);
    } else if (argument >>> 32 == 0) {
      out.write(type | DIRECT + 2);
      return bigEndian(argument, Integer.BYTES);
    }
    out.write(type | DIRECT + 3);
    return bigEndian(argument, Long.BYTES);
  }

  private CborWriter bigEndian(long bits, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (bits >>> shift));
    }
    return this;
  }

  /** What was written so far. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }
}
