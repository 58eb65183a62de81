// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.client.transport.Refusal;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;

/**
 * What the server says no with, inside the seal, in the words of the device API: who uses a device
 * need not know how its messages travel.
 */
final class Refusals {
  private static final int SECONDS = 1;

  /** As HTTP's problem of a number that came with other readings, or is too old. */
  private static final String SEQUENCE = "sequence-reused";

  /** RFC 8470: nothing was wrong but that the server could not tell whether it was fresh. */
  private static final int TOO_EARLY = 425;

  private Refusals() {}

  static ServerRefusedException of(InnerMessage answer) {
    int code = answer.code();
    return Refusal.sealed(
        status(code),
        code == CoapCode.CONFLICT ? SEQUENCE : "",
        code == CoapCode.TOO_MANY_REQUESTS || code == CoapCode.SERVICE_UNAVAILABLE
            ? seconds(answer)
            : -1,
        CoapCode.text(code));
  }

  /** 4.04 is 404: the classes of CoAP are those of HTTP. */
  private static int status(int code) {
    if (code == CoapCode.UNAUTHORIZED) {
      return TOO_EARLY;
    } else if (code == CoapCode.REQUEST_ENTITY_INCOMPLETE || code == CoapCode.NOT_FOUND) {
      return 502; // blocks that were lost on the way, or a server of another version
    }
    return (code >> 5) * 100 + (code & 31);
  }

  private static long seconds(InnerMessage answer) {
    try {
      var in = new CborReader(answer.body());
      return in.map("body") == 1 && in.unsigned("body") == SECONDS ? in.unsigned("seconds") : -1;
    } catch (MalformedException e) {
      return -1; // it did not say
    }
  }

  static void expect(InnerMessage answer, int code) throws ServerRefusedException {
    if (answer.code() != code) {
      throw of(answer);
    }
  }
}
