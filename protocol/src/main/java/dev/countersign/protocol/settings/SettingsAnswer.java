// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code GET /v1/settings} answers, on a mutually authenticated connection.
 *
 * @param version rises with every change of any field but the time; 0 before the first settings
 * @param settings the values to use
 * @param minReleaseSequence the oldest release the device may run; 0 while there is none
 * @param trustBundleVersion the newest trust bundle; 0 while there is none
 * @param serverTime the server's clock, by which a device without one may raise its floor
 */
public record SettingsAnswer(
    long version,
    Settings settings,
    long minReleaseSequence,
    long trustBundleVersion,
    Instant serverTime) {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  public SettingsAnswer {
    if (version < 0 || minReleaseSequence < 0 || trustBundleVersion < 0) {
      throw new IllegalArgumentException("versions are not negative");
    }
  }

  /** The entity tag of this version, with its quotes (RFC 9110 §8.8.3). */
  public String etag() {
    return etag(version);
  }

  public static String etag(long version) {
    return "\"" + version + "\"";
  }

  /** The answer as JSON in UTF-8. */
  public byte[] toJson() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", version);
    var values = new LinkedHashMap<String, Object>();
    settings.values().forEach((name, value) -> values.put(name, value.json()));
    fields.put("settings", values);
    fields.put("sha256", settings.sha256().hex());
    fields.put("minReleaseSequence", minReleaseSequence);
    fields.put("trustBundleVersion", trustBundleVersion);
    fields.put("serverTime", serverTime.toString());
    return JSON.writeValueAsBytes(fields);
  }

  /** Reads an answer; the digest in it must fit the settings. */
  public static SettingsAnswer parse(byte[] json) throws MalformedException {
    try {
      JsonNode root = JSON.readTree(json);
      Settings settings = Settings.parse(JSON.writeValueAsBytes(root.required("settings")));
      if (!root.required("sha256").asString().equals(settings.sha256().hex())) {
        throw new MalformedException("sha256", "expected the digest of the settings");
      }
      return new SettingsAnswer(
          number(root, "version"),
          settings,
          number(root, "minReleaseSequence"),
          number(root, "trustBundleVersion"),
          Instant.parse(root.required("serverTime").asString()));
    } catch (JacksonException | DateTimeException | NumberFormatException e) {
      throw new MalformedException("settings answer", "expected the fields of protocol.md", e);
    }
  }

  private static long number(JsonNode root, String name) throws MalformedException {
    JsonNode node = root.required(name);
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw new MalformedException(name, "expected a whole number from 0");
    }
    return node.longValue();
  }

  /** The digest that a receipt of this answer repeats. */
  public Sha256 sha256() {
    return settings.sha256();
  }
}
