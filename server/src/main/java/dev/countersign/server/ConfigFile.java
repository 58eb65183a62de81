// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads {@code countersign.yaml}. What the file does not say has its default; what the file says
 * and nobody knows is an error with a suggestion, because a limit with a typo is no limit.
 */
public final class ConfigFile {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_BYTES = 64 * 1024;

  private ConfigFile() {}

  /**
   * Reads a configuration.
   *
   * @throws IOException if it cannot be read or says something wrong; the message names file and
   *     key, and what to do
   */
  public static ServerConfig read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + ": expected at most " + MAX_BYTES + " bytes");
    }
    try {
      return parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a configuration from text.
   *
   * @throws IllegalArgumentException naming the key that is wrong
   */
  static ServerConfig parse(String yaml) {
    ObjectNode merged = JSON.valueToTree(ServerConfig.DEFAULT);
    try {
      JsonNode given = YAML.readTree(yaml);
      if (given != null && given.isObject()) {
        merge(merged, given, "");
      } else if (given != null && !given.isMissingNode() && !given.isNull()) {
        throw new IllegalArgumentException("expected keys and values");
      }
      return JSON.treeToValue(merged, ServerConfig.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(cause(e), e);
    }
  }

  private static String cause(JacksonException e) {
    // A record's constructor names its key; the reader of the text names line and column.
    return e.getCause() instanceof IllegalArgumentException named
        ? Objects.requireNonNull(named.getMessage())
        : "not YAML: " + e.getOriginalMessage();
  }

  private static void merge(ObjectNode defaults, JsonNode given, String path) {
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      String key = entry.getKey();
      String full = path + key;
      if (path.equals("models.")) {
        // The names are the operator's own; what is said of each is not.
        defaults.set(key, JSON.valueToTree(ServerConfig.Model.DEFAULT));
      }
      JsonNode known = defaults.get(key);
      if (known == null) {
        throw new IllegalArgumentException(
            full
                + ": unknown"
                + suggestion(key, Set.copyOf(defaults.propertyNames()))
                    .map(near -> "; did you mean " + path + near + "?")
                    .orElse("; docs/operations.md lists all keys"));
      }
      JsonNode value = entry.getValue();
      if (known.isObject() && value.isObject()) {
        merge((ObjectNode) known, value, full + ".");
      } else if (!sameKind(known, value)) {
        throw new IllegalArgumentException(full + ": expected " + kind(known));
      } else {
        defaults.set(key, value);
      }
    }
  }

  private static boolean sameKind(JsonNode known, JsonNode value) {
    if (known.isIntegralNumber()) {
      return value.isIntegralNumber()
          && (known.isInt() ? value.canConvertToInt() : value.canConvertToLong());
    } else if (known.isArray()) {
      return value.isArray() && value.valueStream().allMatch(JsonNode::isString);
    }
    return known.isString() ? value.isString() : known.isBoolean() && value.isBoolean();
  }

  private static String kind(JsonNode known) {
    if (known.isIntegralNumber()) {
      return "a whole number";
    } else if (known.isArray()) {
      return "a list of texts";
    }
    if (known.isBoolean()) {
      return "true or false";
    }
    return known.isObject() ? "keys and values" : "a text";
  }

  private static Optional<String> suggestion(String key, Set<String> known) {
    return known.stream()
        .filter(candidate -> distance(key, candidate) <= Math.max(2, candidate.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(key, candidate)));
  }

  /** Levenshtein's distance, without regard to case. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        char x = Character.toLowerCase(a.charAt(i - 1));
        char y = Character.toLowerCase(b.charAt(j - 1));
        row[j] = Math.min(Math.min(row[j - 1], above) + 1, diagonal + (x == y ? 0 : 1));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
