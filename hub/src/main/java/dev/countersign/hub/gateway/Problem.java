// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.pairing.PairingDecision;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The one table from what went wrong to what is said of it (docs/protocol.md, Pairing). */
final class Problem {
  /** Says the same to a stranger, a removed phone, and one that has not confirmed. */
  static final HubAnswer UNAUTHORIZED =
      HubAnswer.problem(401, "unauthorized", "This phone is not on the hub's list", "");

  static final HubAnswer NOT_FOUND =
      HubAnswer.problem(404, "not-found", "There is no such thing", "");

  static final HubAnswer OVERLOAD =
      HubAnswer.problem(503, "overload", "The hub cannot do that now; try again soon", "");

  static final HubAnswer INTERNAL = HubAnswer.problem(500, "internal", "A fault of the hub", "");

  static final HubAnswer LAST_OWNER =
      HubAnswer.problem(
          409,
          "last-owner",
          "Nobody would own the hub",
          "make another phone the owner first, or reset the hub");

  private Problem() {}

  /** Wrong, spent, expired or unknown: one answer, byte by byte. */
  private static final HubAnswer REFUSED =
      HubAnswer.problem(
          403, "pairing-refused", "This code does not pair", "scan the code that is shown now");

  private static final HubAnswer CLOSED =
      HubAnswer.problem(
          409,
          "pairing-closed",
          "The hub takes no phones now",
          "press its button, or ask an owner");

  private static final HubAnswer BUSY =
      HubAnswer.problem(
          409, "pairing-busy", "Another phone is being paired", "try again in a minute");

  private static final HubAnswer FULL =
      HubAnswer.problem(409, "phones-full", "The list of phones is full", "remove one first");

  /** RFC 9110 §15.5.6: says which methods there are. */
  static HubAnswer method(Collection<String> allowed) {
    HubAnswer answer = HubAnswer.problem(405, "method", "Not with this method", "");
    var headers = new HashMap<>(answer.headers());
    headers.put("Allow", String.join(", ", new TreeSet<>(allowed)));
    return new HubAnswer(answer.status(), Map.copyOf(headers), answer.body());
  }

  static HubAnswer malformed(String message) {
    return HubAnswer.problem(400, "malformed", "The request is not right", message);
  }

  static HubAnswer role(String needed) {
    return HubAnswer.problem(403, "role", "This phone may not do that", needed);
  }

  /** A decision that is not {@link PairingDecision.Granted}. */
  static HubAnswer of(PairingDecision decision) {
    return switch (decision) {
      case PairingDecision.Granted granted -> HubAnswer.cbor(granted.answer());
      case PairingDecision.Refused() -> REFUSED;
      case PairingDecision.Closed() -> CLOSED;
      case PairingDecision.Busy() -> BUSY;
      case PairingDecision.Full() -> FULL;
    };
  }
}
