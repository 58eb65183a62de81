// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import dev.countersign.client.hub.HubCall.ExpectedHub;
import dev.countersign.protocol.ProtocolException;

/**
 * A hub answered, and it is not the one that is meant: another genuine hub, or one whose key is
 * new. Nothing was sent to it.
 */
public final class OtherHubException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  private final transient ExpectedHub expected;
  private final transient ExpectedHub got;

  OtherHubException(HubAddress address, ExpectedHub expected, ExpectedHub got) {
    super(message(address, expected, got));
    this.expected = expected;
    this.got = got;
  }

  private static String message(HubAddress address, ExpectedHub expected, ExpectedHub got) {
    return expected.id().equals(got.id())
        ? "the hub at "
            + address
            + " has another key: expected "
            + expected.key()
            + ", got "
            + got.key()
        : "another hub answers at "
            + address
            + ": expected hub "
            + expected.id()
            + " with key "
            + expected.key()
            + ", got hub "
            + got.id()
            + " with key "
            + got.key();
  }

  /** Which hub is meant. */
  public ExpectedHub expected() {
    return expected;
  }

  /** Which one answered, by its certificate. */
  public ExpectedHub got() {
    return got;
  }

  /**
   * Whether it calls itself the right hub, so that it is worth asking for successors of the key.
   */
  public boolean isSameHub() {
    return expected.id().equals(got.id());
  }
}
