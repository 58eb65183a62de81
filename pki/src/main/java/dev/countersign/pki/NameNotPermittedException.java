// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.protocol.ProtocolException;

/** The name constraints of the issuing authority exclude the name (RFC 5280 §4.2.1.10). */
public final class NameNotPermittedException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  NameNotPermittedException(String message) {
    super(message);
  }
}
