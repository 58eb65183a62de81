// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.ProtocolException;

/** A message that nobody who holds the key made, or that somebody changed on the way. */
public final class NotAuthenticException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  NotAuthenticException() {
    super("the message is not authentic: it was altered, or made under another key");
  }
}
