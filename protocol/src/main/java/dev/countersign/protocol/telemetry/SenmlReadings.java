// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.time.Instant;
import java.util.List;
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
  private SenmlReadings() {}

  /**
   * Reads a pack of at least one value.
   *
   * @param now what relative times are relative to
   */
  public static List<Reading> decode(byte[] body, Instant now) throws MalformedException {
    var pack = new SenmlPack(now);
    try (JsonParser parser = JsonReadings.JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new MalformedException("body", "expected a SenML pack, a JSON array of records");
      }
      var value = new JsonValue(parser);
      for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
        if (t != JsonToken.START_OBJECT) {
          throw new MalformedException("body", "expected records in the SenML pack");
        }
        SenmlPack.Row row = pack.row();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String label = parser.currentName();
          parser.nextToken();
          row.field(label, value);
        }
        row.end();
      }
      if (parser.nextToken() != null) {
        throw new MalformedException("body", "expected one SenML pack and nothing after it");
      }
    } catch (JacksonException e) {
      throw JsonReadings.notJson(e);
    }
    return pack.readings();
  }

  /** The value that the parser stands on. */
  private record JsonValue(JsonParser parser) implements SenmlValue {
    @Override
    public String text(String label) throws MalformedException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw new MalformedException(label, "expected a text");
      }
      return parser.getString();
    }

    @Override
    public double number(String label) throws MalformedException {
      JsonToken token = parser.currentToken();
      if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
        throw new MalformedException(label, "expected a number");
      }
      return Scalar.number(label, JsonReadings.decimal(parser, label)).value();
    }

    @Override
    public boolean flag(String label) throws MalformedException {
      if (JsonReadings.value(parser, label) instanceof Scalar.Flag flag) {
        return flag.value();
      }
      throw new MalformedException(label, "expected true or false");
    }

    @Override
    public void skip(String label) {
      parser.skipChildren();
    }
  }
}
