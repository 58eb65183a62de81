// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Sha256;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.erdtman.jcs.JsonCanonicalizer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The values a device is told to use. Immutable.
 *
 * <p>Two equal sets have the same {@link #canonicalJson}, hence the same {@link #sha256}, on every
 * platform (RFC 8785).
 */
public final class Settings {
  /** No settings yet; a device that was never told anything has these, as version 0. */
  public static final Settings EMPTY = new Settings(new TreeMap<>());

  /** More than this is a file, not settings. */
  public static final int MAX_ENTRIES = 256;

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private final SortedMap<String, Scalar> values;

  private Settings(SortedMap<String, Scalar> values) {
    this.values = Collections.unmodifiableSortedMap(values);
  }

  /** These values by name. */
  public static Settings of(Map<String, Scalar> values) throws MalformedException {
    for (String name : values.keySet()) {
      checkName(name);
    }
    if (values.size() > MAX_ENTRIES) {
      throw new MalformedException(
          "settings", "expected at most " + MAX_ENTRIES + " entries, got " + values.size());
    }
    return new Settings(new TreeMap<>(values));
  }

  /** These settings with some changed; an empty value removes the name. */
  public Settings with(Map<String, Optional<Scalar>> changes) throws MalformedException {
    var merged = new TreeMap<>(values);
    for (var change : changes.entrySet()) {
      checkName(change.getKey());
      if (change.getValue().isPresent()) {
        merged.put(change.getKey(), change.getValue().get());
      } else {
        merged.remove(change.getKey());
      }
    }
    return of(merged);
  }

  /** Reads a flat JSON object of numbers, texts and booleans. */
  public static Settings parse(byte[] json) throws MalformedException {
    var values = new TreeMap<String, Scalar>();
    try (var parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException("settings", "expected a JSON object");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = checkName(parser.currentName());
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_STRING) {
          values.put(name, Scalar.text(name, parser.getString()));
        } else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
          values.put(name, Scalar.number(name, decimal(parser, name)));
        } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
          values.put(name, new Scalar.Flag(token == JsonToken.VALUE_TRUE));
        } else {
          throw new MalformedException(name, "expected a number, a text, true or false");
        }
      }
      if (parser.nextToken() != null) {
        throw new MalformedException("settings", "expected one JSON object and nothing after it");
      }
    } catch (JacksonException e) {
      throw new MalformedException("settings", "expected JSON", e);
    }
    return of(values);
  }

  private static BigDecimal decimal(JsonParser parser, String name) throws MalformedException {
    try {
      return parser.getDecimalValue();
    } catch (NumberFormatException e) {
      // An exponent of more than 32 bits is JSON, but no BigDecimal.
      throw new MalformedException(name, "expected a number within ±1.8e308", e);
    }
  }

  private static String checkName(String name) throws MalformedException {
    if (!NAME.matcher(name).matches()) {
      throw new MalformedException(
          "settings",
          "expected names of a letter and up to 63 letters, digits, dots, hyphens or underscores");
    }
    return name;
  }

  /** The values by name, in the order of their names. */
  public SortedMap<String, Scalar> values() {
    return values;
  }

  /** The one JSON text of these settings (RFC 8785), in UTF-8. */
  public byte[] canonicalJson() {
    var plain = new TreeMap<String, Object>();
    values.forEach((name, value) -> plain.put(name, value.plain()));
    try {
      return new JsonCanonicalizer(JSON.writeValueAsBytes(plain)).getEncodedUTF8();
    } catch (IOException e) {
      throw new AssertionError("a map of plain values has a canonical form", e);
    }
  }

  /** The digest of {@link #canonicalJson}, which a receipt repeats. */
  public Sha256 sha256() {
    return Sha256.of(canonicalJson());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Settings that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return new String(canonicalJson(), UTF_8);
  }
}
