// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Plain JSON readings (ours): a flat object, {@code {"temperature":21.5,"door":"closed"}}, or an
 * array of such objects. {@code at} says when all values of its object were measured.
 */
public final class JsonReadings {
  /** More in one request is a batch that should have been several. */
  public static final int MAX_READINGS = 1024;

  /** Years that every store and every receiver can write. */
  private static final Instant EARLIEST = Instant.EPOCH;

  static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNumberLength(Scalar.MAX_NUMBER_CHARS)
                  .maxStringLength(8 * Scalar.MAX_TEXT_BYTES)
                  .maxNameLength(256)
                  .build())
          .build();

  private JsonReadings() {}

  /** Reads a body of at least one reading. */
  public static List<Reading> decode(byte[] body) throws MalformedException {
    var readings = new ArrayList<Reading>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        decodeObject(parser, readings);
      } else if (first == JsonToken.START_ARRAY) {
        decodeArray(parser, readings);
      } else {
        throw new MalformedException("body", "expected a JSON object or an array of objects");
      }
      if (parser.nextToken() != null) {
        throw new MalformedException("body", "expected one JSON value and nothing after it");
      }
    } catch (JacksonException e) {
      throw notJson(e);
    }
    if (readings.isEmpty()) {
      throw new MalformedException("body", "expected at least one reading");
    }
    return List.copyOf(readings);
  }

  /** Writes readings as an array of objects, each with its time if it has one. */
  public static byte[] encode(List<Reading> readings) {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartArray();
      for (Reading reading : readings) {
        json.writeStartObject();
        json.writeName(reading.name());
        writeValue(json, reading.value());
        if (reading.at().isPresent()) {
          json.writeStringProperty("at", reading.at().get().toString());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return out.toByteArray();
  }

  private static void writeValue(JsonGenerator json, Scalar value) {
    if (value instanceof Scalar.Numeric number) {
      json.writeNumber(number.value());
    } else if (value instanceof Scalar.Text text) {
      json.writeString(text.value());
    } else {
      json.writeBoolean(((Scalar.Flag) value).value());
    }
  }

  /** Says where the text stops being JSON, without repeating it. */
  static MalformedException notJson(JacksonException e) {
    var at = e.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new MalformedException("body", "expected JSON without duplicate names" + where, e);
  }

  private static void decodeArray(JsonParser parser, List<Reading> readings)
      throws MalformedException {
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t != JsonToken.START_OBJECT) {
        throw new MalformedException("body", "expected objects in the array");
      }
      decodeObject(parser, readings);
    }
  }

  private static void decodeObject(JsonParser parser, List<Reading> readings)
      throws MalformedException {
    int first = readings.size();
    Instant at = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("at")) {
        at = instant(parser);
      } else {
        Reading.checkName(name);
        readings.add(new Reading(name, value(parser, name), null));
      }
      if (readings.size() > MAX_READINGS) {
        throw new MalformedException("body", "expected at most " + MAX_READINGS + " readings");
      }
    }
    if (at != null) {
      measuredAt(readings, first, at);
    }
  }

  /** The time may stand after the values it belongs to. */
  static void measuredAt(List<Reading> readings, int first, Instant at) {
    for (int i = first; i < readings.size(); i++) {
      Reading reading = readings.get(i);
      readings.set(i, new Reading(reading.name(), reading.value(), at));
    }
  }

  private static Instant instant(JsonParser parser) throws MalformedException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new MalformedException("at", "expected a text such as \"2026-11-21T20:30:00Z\"");
    }
    return instant(parser.getString());
  }

  /** Reads an RFC 3339 time in UTC. */
  static Instant instant(String text) throws MalformedException {
    try {
      Instant at = Instant.parse(text);
      if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
        throw new MalformedException("at", "expected a year between 1970 and 9999");
      }
      return at;
    } catch (DateTimeException e) {
      throw new MalformedException("at", "expected a time such as 2026-11-21T20:30:00Z", e);
    }
  }

  static BigDecimal decimal(JsonParser parser, String name) throws MalformedException {
    try {
      return parser.getDecimalValue();
    } catch (NumberFormatException e) {
      // An exponent of more than 32 bits is JSON, but no BigDecimal.
      throw new MalformedException(name, "expected a number within ±1.8e308", e);
    }
  }

  static Scalar value(JsonParser parser, String name) throws MalformedException {
    @Nullable JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      return Scalar.number(name, decimal(parser, name));
    } else if (token == JsonToken.VALUE_STRING) {
      return Scalar.text(name, parser.getString());
    } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return new Scalar.Flag(token == JsonToken.VALUE_TRUE);
    }
    throw new MalformedException(
        Reading.shown(name), "expected a number, a text, true or false; objects must be flat");
  }
}
