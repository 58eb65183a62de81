// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request of a browser, as far as the page looks at it.
 *
 * @param path without query, as it was sent
 * @param headers by name, in any case; of several with one name, one
 * @param fromLoopback whether the connection came from this device's own loopback address
 */
public record PageRequest(
    String method, String path, Map<String, String> headers, boolean fromLoopback) {
  public PageRequest {
    var lower = new TreeMap<String, String>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = Map.copyOf(lower);
  }

  /** A header, by its name in lower case. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
