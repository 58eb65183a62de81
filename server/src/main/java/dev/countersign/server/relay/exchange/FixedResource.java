// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;

/** {@code GET est/crts}: the same for everybody. */
final class FixedResource implements Resource {
  private final InnerMessage answer;

  FixedResource(InnerMessage answer) {
    this.answer = answer;
  }

  @Override
  public boolean needsFreshness(int code) {
    return false;
  }

  @Override
  public Effect answer(Asked asked) {
    return asked.message().code() == CoapCode.GET
        ? new Effect.Answered(answer)
        : Effect.of(CoapCode.METHOD_NOT_ALLOWED);
  }
}
