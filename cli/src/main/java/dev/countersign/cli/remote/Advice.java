// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.remote;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person can do about an answer that says no. */
final class Advice {
  private Advice() {}

  /** For this status on this path; {@code retryAfter} as the server sent it. */
  static String on(int status, ApiPath path, Optional<String> retryAfter) {
    return switch (status) {
      case 400, 413, 415, 422 -> "mend what it names and try again; --help shows what is expected";
      case 401, 403 ->
          "use the identity of a present operator: --identity FILE;"
              + " `countersign operator add NAME --out FILE` makes one";
      case 404 -> listOf(path);
      case 409 -> stateOf(path);
      case 429, 503 -> "try again in " + retryAfter.orElse("a few") + " seconds";
      default ->
          status >= 500
              ? "look into the server's log; `countersign status` shows what needs attention"
              : "use a command line and a server of the same version: `countersign --version`";
    };
  }

  private static String listOf(ApiPath path) {
    return switch (segment(path, 2)) {
      case "devices" -> "`countersign device list` shows what there is";
      case "certificates" -> "`countersign certificate list` shows what there is";
      case "operators" -> "`countersign operator list` shows what there is";
      case "relays" -> "`countersign relay list` shows what there is";
      case null, default ->
          "use a command line and a server of the same version: `countersign --version`";
    };
  }

  private static String stateOf(ApiPath path) {
    return switch (segment(path, 2)) {
      case "devices" -> "`countersign device show " + serialIn(path) + "` shows its present state";
      case "operators" -> "`countersign operator list` shows what there is";
      case "relays" -> "`countersign relay list` shows what there is";
      case null, default -> "look at the present state and try again";
    };
  }

  private static String serialIn(ApiPath path) {
    String serial = segment(path, 3);
    return serial == null ? "SERIAL" : serial;
  }

  /** The path's segment of this number; {@code v1} is number 1. */
  private static @Nullable String segment(ApiPath path, int number) {
    String[] segments = path.text().split("[/?]", -1);
    return number < segments.length ? segments[number] : null;
  }
}
