// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.server.telemetry.ReadingBatch;

/** What a resource made of a request. */
sealed interface Effect {
  /** Nothing to store beside the answer; what was done may be done again. */
  record Answered(InnerMessage answer) implements Effect {}

  /**
   * Readings to be stored together with the answer.
   *
   * @param ifRefused the answer if their own number was used for others
   */
  record Stored(ReadingBatch readings, InnerMessage answer, InnerMessage ifRefused)
      implements Effect {}

  /** An answer with a code and nothing else. */
  static Answered of(int code) {
    return new Answered(InnerMessage.of(code));
  }

  /** RFC 7252 §5.5.2: an error with words for who looks into it. */
  static Answered refused(int code, String words) {
    return new Answered(InnerMessage.of(code).withBody(words.getBytes(UTF_8)));
  }

  /** What the device sent is wrong. */
  static Answered malformed(String words) {
    return refused(CoapCode.BAD_REQUEST, words);
  }
}
