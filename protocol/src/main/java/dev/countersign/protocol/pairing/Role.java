// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import java.util.Arrays;
import java.util.Locale;

/** What a phone may do on a hub. The order is the rank: each may do all that the next one may. */
public enum Role {
  /** Adds and removes anyone, hands the hub on, sets its time. */
  OWNER(0),
  /** Invites and removes users and guests. */
  ADMIN(1),
  /** Gives commands. */
  USER(2),
  /** Gives the commands that are for guests, until a date if one is set. */
  GUEST(3);

  private final int code;

  Role(int code) {
    this.code = code;
  }

  /** As it is written in a QR code (three bits) and in messages: 0 for the owner. */
  public int code() {
    return code;
  }

  /** As it is written in JSON and on the command line. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this one may do all that the other may. */
  public boolean includes(Role other) {
    return code <= other.code;
  }

  /** Whether this one ranks above the other. */
  public boolean isAbove(Role other) {
    return code < other.code;
  }

  /** The role of this code. */
  public static Role ofCode(int code) throws MalformedException {
    return Arrays.stream(values())
        .filter(role -> role.code == code)
        .findFirst()
        .orElseThrow(() -> new MalformedException("role", "expected 0 to 3, got " + code));
  }

  /** The role of this name, as {@link #wireName} gives it. */
  public static Role parse(String name) throws MalformedException {
    return Arrays.stream(values())
        .filter(role -> role.wireName().equals(name))
        .findFirst()
        .orElseThrow(() -> new MalformedException("role", "expected owner, admin, user or guest"));
  }
}
