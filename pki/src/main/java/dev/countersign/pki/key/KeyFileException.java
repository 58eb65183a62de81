// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki.key;

import dev.countersign.protocol.ProtocolException;

/**
 * A key file that cannot be used: damaged, of an unknown kind, not the partner of its certificate,
 * or the passphrase is wrong.
 */
public final class KeyFileException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  public KeyFileException(String message) {
    super(message);
  }

  public KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
