// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.examples;

import dev.countersign.protocol.Hexadecimal;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The worked examples of docs/protocol.md, which an independent model made. */
public final class SealedVectors {
  private static final Path FILE =
      Path.of(System.getProperty("countersign.root", ".."), "docs/vectors/sealed-messages.json");

  private SealedVectors() {}

  /** Everything there is. */
  public static JsonNode all() {
    return new JsonMapper().readTree(FILE);
  }

  /** The examples of single exchanges. */
  public static Stream<JsonNode> cases() {
    return all().path("cases").valueStream().filter(c -> c.has("derived"));
  }

  /** Bytes under a name, or null. */
  public static byte @Nullable [] bytes(JsonNode of, String name) {
    return of.path(name).isString() ? Hexadecimal.decode(of.path(name).asString()) : null;
  }
}
