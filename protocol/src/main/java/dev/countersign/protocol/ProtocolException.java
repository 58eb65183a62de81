// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import java.util.Objects;

/**
 * The other side sent something that is wrong. The message says what was expected and what came,
 * never a secret, and may be shown to an authenticated peer.
 *
 * <p>Subclasses exist only where a caller reacts differently.
 */
public class ProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }

  public ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What was expected and what came; never null. */
  @Override
  public final String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
