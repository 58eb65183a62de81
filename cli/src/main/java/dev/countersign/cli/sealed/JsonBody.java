// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.sealed;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.cbor.CborWriter;
import java.math.BigDecimal;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as a person writes it, to the CBOR that stands inside a seal: objects, lists, values. */
final class JsonBody {
  private static final int MAX_DEPTH = 8;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  static byte[] encode(String text) throws CommandException {
    try {
      var out = new CborWriter();
      write(out, JSON.readTree(text), 0);
      return out.toByteArray();
    } catch (JacksonException | MalformedException e) {
      throw CommandException.usage(
          "--json expects JSON of objects, lists, numbers, texts, true and false",
          "write it in single quotes, as '{\"temperature\":19.5}'");
    }
  }

  private static void write(CborWriter out, JsonNode node, int depth) throws MalformedException {
    if (depth == MAX_DEPTH) {
      throw new MalformedException("json", "expected less nesting");
    }
    if (node.isObject()) {
      out.map(node.size());
      for (var property : node.properties()) {
        out.text(property.getKey());
        write(out, property.getValue(), depth + 1);
      }
    } else if (node.isArray()) {
      out.array(node.size());
      for (JsonNode item : node) {
        write(out, item, depth + 1);
      }
    } else if (node.isNumber()) {
      out.number(Scalar.number("json", new BigDecimal(node.asString())).value());
    } else if (node.isString()) {
      out.text(node.stringValue());
    } else if (node.isBoolean()) {
      out.flag(node.booleanValue());
    } else {
      throw new MalformedException("json", "expected a value");
    }
  }
}
