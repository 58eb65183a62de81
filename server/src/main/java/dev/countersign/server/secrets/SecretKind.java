// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a shared key was given to a device for. All of them open more than one door. */
public enum SecretKind {
  /** TLS with a pre-shared key (RFC 8446 §2.2, RFC 5489). */
  PSK,
  /** Sealed messages (RFC 8613). */
  SEALED,
  /** Authenticated messages that anyone can read (RFC 9052 §6). */
  MAC;

  /** The name outside: in JSON, in the database, on the command line. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of this name. */
  public static Optional<SecretKind> named(String name) {
    return Arrays.stream(values()).filter(kind -> kind.wireName().equals(name)).findFirst();
  }
}
