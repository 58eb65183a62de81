// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A device's word that it applied a version: {@code {"version":12,"sha256":"…"}}.
 *
 * @param version the version it applied
 * @param sha256 the digest of the settings it applied ({@link Settings#sha256})
 */
public record SettingsReceipt(long version, Sha256 sha256) {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  /** The receipt as JSON in UTF-8. */
  public byte[] toJson() {
    return JSON.writeValueAsBytes(
        new TreeMap<>(Map.of("sha256", sha256.hex(), "version", version)));
  }

  /** Reads a receipt. */
  public static SettingsReceipt parse(byte[] json) throws MalformedException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new MalformedException("body", "expected JSON", e);
    }
    JsonNode version = root.path("version");
    if (!version.isIntegralNumber() || !version.canConvertToLong() || version.longValue() < 0) {
      throw new MalformedException("version", "expected a whole number from 0");
    }
    JsonNode digest = root.path("sha256");
    if (!digest.isString() || !digest.stringValue().matches("[0-9a-f]{64}")) {
      throw new MalformedException("sha256", "expected 64 lower-case hexadecimal digits");
    }
    return new SettingsReceipt(version.longValue(), Sha256.parseHex(digest.stringValue()));
  }
}
