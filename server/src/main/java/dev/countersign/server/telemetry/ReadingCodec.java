// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.server.database.DatabaseException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * The bytes of a stored reading; its arrival is in the key. Numbers are big-endian.
 *
 * <pre>
 * format = 1 (1) | kind (1): 0 number 1 text 2 false 3 true; +4 with measuredAt; +8 with sequence;
 *   +16 not fresh | level (1) | keyId | listener | name, each with its length in one byte | [sequence (8)]
 * | [measuredAt: seconds (8), nanoseconds (4)] | number: IEEE 754 (8), text: UTF-8 to the end
 * </pre>
 */
final class ReadingCodec {
  private static final int FORMAT = 1;
  private static final int NUMBER = 0;
  private static final int TEXT = 1;
  private static final int FALSE = 2;
  private static final int TRUE = 3;
  private static final int KIND_MASK = 3;
  private static final int WITH_MEASURED_AT = 4;
  private static final int WITH_SEQUENCE = 8;
  private static final int NOT_FRESH = 16;

  private static final int MAX_LABEL_BYTES = 255;
  private static final int FIXED_BYTES = 3;
  private static final int INSTANT_BYTES = Long.BYTES + Integer.BYTES;
  private static final byte[] NOTHING = {};

  private ReadingCodec() {}

  /** Encodes the readings of one message, each by itself. */
  static byte[][] encode(ReadingBatch batch) {
    var provenance = batch.provenance();
    byte[] keyId = label(provenance.keyId());
    byte[] listener = label(provenance.listener());
    var encoded = new byte[batch.readings().size()][];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = encode(batch.readings().get(i), provenance, keyId, listener);
    }
    return encoded;
  }

  private static byte[] encode(
      Reading reading, Provenance provenance, byte[] keyId, byte[] listener) {
    byte[] name = label(reading.name());
    byte[] text = reading.value() instanceof Scalar.Text t ? t.value().getBytes(UTF_8) : NOTHING;
    boolean isNumber = reading.value() instanceof Scalar.Numeric;
    var measuredAt = reading.measuredAt();
    boolean hasSequence = provenance.sequence().isPresent();
    int kind =
        switch (reading.value()) {
          case Scalar.Numeric _ -> NUMBER;
          case Scalar.Text _ -> TEXT;
          case Scalar.Flag(boolean value) -> value ? TRUE : FALSE;
        };
    var out =
        ByteBuffer.allocate(
            FIXED_BYTES
                + (1 + keyId.length)
                + (1 + listener.length)
                + (1 + name.length)
                + (hasSequence ? Long.BYTES : 0)
                + (measuredAt != null ? INSTANT_BYTES : 0)
                + (isNumber ? Double.BYTES : text.length));
    out.put((byte) FORMAT)
        .put(
            (byte)
                (kind
                    | (measuredAt != null ? WITH_MEASURED_AT : 0)
                    | (hasSequence ? WITH_SEQUENCE : 0)
                    | (provenance.fresh() ? 0 : NOT_FRESH)))
        .put((byte) provenance.level());
    put(out, keyId);
    put(out, listener);
    put(out, name);
    if (hasSequence) {
      out.putLong(provenance.sequence().getAsLong());
    }
    if (measuredAt != null) {
      out.putLong(measuredAt.getEpochSecond()).putInt(measuredAt.getNano());
    }
    if (reading.value() instanceof Scalar.Numeric(double value)) {
      out.putDouble(value);
    }
    return out.put(text).array();
  }

  private static byte[] label(String label) {
    byte[] bytes = label.getBytes(UTF_8);
    if (bytes.length > MAX_LABEL_BYTES) {
      throw new IllegalArgumentException(
          "expected a label of at most " + MAX_LABEL_BYTES + " bytes, got " + bytes.length);
    }
    return bytes;
  }

  private static void put(ByteBuffer out, byte[] label) {
    out.put((byte) label.length).put(label);
  }

  /**
   * Reads back what {@link #encode} wrote.
   *
   * @throws DatabaseException if these bytes are not of this format
   */
  static StoredReading decode(byte[] value, Instant arrivedAt) {
    var in = ByteBuffer.wrap(value);
    try {
      int format = in.get();
      if (format != FORMAT) {
        throw new DatabaseException(
            "a stored reading: expected format " + FORMAT + ", got " + format);
      }
      int kind = in.get();
      int level = in.get();
      String keyId = label(in);
      String listener = label(in);
      String name = label(in);
      var sequence =
          (kind & WITH_SEQUENCE) != 0 ? OptionalLong.of(in.getLong()) : OptionalLong.empty();
      Instant measuredAt =
          (kind & WITH_MEASURED_AT) != 0 ? Instant.ofEpochSecond(in.getLong(), in.getInt()) : null;
      Scalar scalar =
          switch (kind & KIND_MASK) {
            case NUMBER -> new Scalar.Numeric(in.getDouble());
            case TEXT -> new Scalar.Text(text(in, in.remaining()));
            default -> new Scalar.Flag((kind & KIND_MASK) == TRUE);
          };
      return new StoredReading(
          new Reading(name, scalar, measuredAt),
          new Provenance(keyId, level, listener, arrivedAt, sequence, (kind & NOT_FRESH) == 0));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new DatabaseException("a stored reading cannot be read", e);
    }
  }

  private static String label(ByteBuffer in) {
    return text(in, Byte.toUnsignedInt(in.get()));
  }

  private static String text(ByteBuffer in, int length) {
    var bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }
}
