// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Optional;

/** A path of the operator API with its query. Immutable; whatever is put in comes out encoded. */
public record ApiPath(String text) {
  /** A path of these segments below {@code /v1}. */
  public static ApiPath of(String... segments) {
    var path = new StringBuilder("/v1");
    for (String segment : segments) {
      path.append('/').append(encode(segment));
    }
    return new ApiPath(path.toString());
  }

  /** The same with one more parameter in its query. */
  public ApiPath with(String name, Object value) {
    char separator = text.indexOf('?') < 0 ? '?' : '&';
    return new ApiPath(text + separator + encode(name) + '=' + encode(value.toString()));
  }

  /** The same, with the parameter if there is a value. */
  public ApiPath with(String name, Optional<?> value) {
    return value.isPresent() ? with(name, value.get()) : this;
  }

  private static String encode(String raw) {
    return URLEncoder.encode(raw, UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text;
  }
}
