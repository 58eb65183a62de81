// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

/** What becomes of a sealed message. */
public sealed interface SealedReply {
  /** What the server found, for the relay's health; the peer learns nothing of it. */
  Diagnosis diagnosis();

  /** A sealed answer: the same bytes each time for the same bytes of request. */
  record Answered(CarriedMessage message, Diagnosis diagnosis) implements SealedReply {}

  /** No sealed answer could or must be made. */
  record OuterError(Kind kind, Diagnosis diagnosis) implements SealedReply {}

  /** The errors outside the seal (docs/protocol.md); devices take them as hints. */
  enum Kind {
    /** Unknown, revoked, too low a level, and a tag that failed, alike. */
    UNAUTHENTICATED(401, "e1.1"),
    MALFORMED(400, "e1.2"),
    /** Only once the tag verified. */
    REPLAY(409, "e1.3"),
    OVERLOAD(503, "e1.9");

    private final int status;
    private final String text;

    Kind(int status, String text) {
      this.status = status;
      this.text = text;
    }

    /** Of HTTP. */
    public int status() {
      return status;
    }

    /** The whole body: four characters, whatever went wrong. */
    public String text() {
      return text;
    }
  }
}
