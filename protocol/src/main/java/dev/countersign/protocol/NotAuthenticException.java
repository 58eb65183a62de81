// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

/**
 * A message that nobody who holds the key made, or that somebody changed on the way. It says no
 * more, so that nobody learns from it what was wrong.
 */
public final class NotAuthenticException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  public NotAuthenticException() {
    super("the message is not authentic: it was altered, or made under another key");
  }
}
