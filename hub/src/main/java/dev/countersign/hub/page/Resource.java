// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Files that come with the program. */
final class Resource {
  private Resource() {}

  static String text(String name) {
    try (InputStream in = Resource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError(name + " is missing from the program");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(name + " cannot be read from the program", e);
    }
  }

  static Map<String, String> properties(String name) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(text(name)));
    } catch (IOException e) {
      throw new AssertionError("a text is read from memory", e);
    }
    var words = new HashMap<String, String>();
    properties.stringPropertyNames().forEach(key -> words.put(key, properties.getProperty(key)));
    return Map.copyOf(words);
  }
}
