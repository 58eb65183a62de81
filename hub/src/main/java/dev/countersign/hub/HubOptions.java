// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub;

import dev.countersign.hub.gateway.Limits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a hub is opened.
 *
 * @param state the directory with its identity and its list, for this hub alone
 * @param where the address and port to listen on; port 0 takes any
 * @param name as people call it; else its model does
 * @param maxPhones on the list, 1 to 64
 */
public record HubOptions(
    Path state, InetSocketAddress where, Optional<String> name, int maxPhones, Limits limits) {
  /** What a household needs, and more than the most common peer allows (five). */
  public static final int STANDARD_PHONES = 16;

  private static final int MOST_PHONES = 64;
  private static final int MOST_NAME_CHARS = 64;

  public HubOptions {
    if (maxPhones < 1 || maxPhones > MOST_PHONES) {
      throw new IllegalArgumentException("maxPhones: expected 1 to 64, got " + maxPhones);
    }
    if (name.isPresent() && !isPrintable(name.get())) {
      throw new IllegalArgumentException("name: expected 1 to 64 printable characters");
    }
  }

  /** On all addresses of this machine, for 16 phones. */
  public static HubOptions of(Path state, int port) {
    return new HubOptions(
        state,
        new InetSocketAddress("0.0.0.0", port),
        Optional.empty(),
        STANDARD_PHONES,
        Limits.STANDARD);
  }

  /** The same on one address alone. */
  public HubOptions on(InetSocketAddress other) {
    return new HubOptions(state, other, name, maxPhones, limits);
  }

  /** The same with a name. */
  public HubOptions named(String given) {
    return new HubOptions(state, where, Optional.of(given), maxPhones, limits);
  }

  private static boolean isPrintable(String name) {
    return !name.isBlank()
        && name.length() <= MOST_NAME_CHARS
        && name.chars().noneMatch(Character::isISOControl);
  }
}
