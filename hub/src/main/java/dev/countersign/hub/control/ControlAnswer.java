// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import tools.jackson.databind.node.ObjectNode;

/** What a running hub answers. */
public sealed interface ControlAnswer {
  /**
   * It was done.
   *
   * @param result what was asked for; empty where there is nothing to say
   */
  record Done(ObjectNode result) implements ControlAnswer {}

  /** It was not done, and why. */
  record Refused(Reason reason) implements ControlAnswer {}

  /** Why a hub does not do what it was asked. */
  enum Reason {
    /** No window is open, so there is nothing to scan. */
    NO_WINDOW("no-window"),
    NO_SUCH_PHONE("no-such-phone"),
    SEVERAL_OF_THAT_NAME("several-of-that-name"),
    LAST_OWNER("last-owner"),
    /** What was asked for could not be written down; the hub's log says more. */
    FAILED("failed"),
    /** Not a request, or one that this version does not know. */
    MALFORMED("malformed"),
    /** Too many are asking at once. */
    BUSY("busy");

    private final String wireName;

    Reason(String wireName) {
      this.wireName = wireName;
    }

    /** As it is written on the wire. */
    public String wireName() {
      return wireName;
    }
  }
}
