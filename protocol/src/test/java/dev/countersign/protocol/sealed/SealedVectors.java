// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.Hexadecimal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The worked examples of docs/protocol.md, which an independent model made. */
public final class SealedVectors {
  private SealedVectors() {}

  /** Everything there is. */
  public static JsonNode all() {
    try (InputStream file =
        Objects.requireNonNull(SealedVectors.class.getResourceAsStream("sealed-messages.json"))) {
      return new JsonMapper().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
