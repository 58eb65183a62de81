// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import java.util.Set;

/**
 * Whether a request comes from a browser that is the device's own screen. A code that a visitor of
 * the hotspot could fetch would make its password a pairing secret.
 */
final class OwnScreen {
  /** RFC 7239 §4, and what came before it: somebody on the device hands on what others ask. */
  private static final Set<String> OF_PROXIES =
      Set.of("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip");

  /** Fetch Metadata: typed or asked for by this very page, not by one of another site. */
  private static final Set<String> OWN_SITES = Set.of("none", "same-origin");

  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private OwnScreen() {}

  static boolean asks(PageRequest request) {
    return request.fromLoopback()
        && OF_PROXIES.stream().noneMatch(name -> request.header(name).isPresent())
        && request.header("sec-fetch-site").map(OWN_SITES::contains).orElse(true)
        // A foreign name that leads to 127.0.0.1 is somebody's trick (DNS rebinding).
        && request.header("host").map(OwnScreen::isLoopbackName).orElse(false);
  }

  private static boolean isLoopbackName(String host) {
    return LOOPBACK_NAMES.contains(host.replaceFirst(":[0-9]{1,5}$", ""));
  }
}
