// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;

/** The client wants a certificate, or a key without forward secrecy; there is neither. */
final class PskNotOfferedAlert extends TlsFatalAlert {
  private static final long serialVersionUID = 1L;

  PskNotOfferedAlert() {
    super(AlertDescription.handshake_failure, "no pre-shared key with (EC)DHE was offered");
  }
}
