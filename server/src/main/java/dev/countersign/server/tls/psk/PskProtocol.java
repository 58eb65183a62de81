// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.OfferedPsks;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsHash;

/**
 * The library's protocol, with two things of our own: the key is chosen by the binder, and each
 * direction is closed by itself (RFC 8446 §6.1).
 */
final class PskProtocol extends TlsServerProtocol {
  private final PskServer server;
  private boolean peerClosed;

  PskProtocol(PskServer server) throws IOException {
    this.server = server;
    accept(server);
  }

  @Override
  protected ServerHello generate13ServerHello(
      ClientHello hello, HandshakeMessageInput message, boolean afterHelloRetryRequest)
      throws IOException {
    OfferedPsks psks =
        hello.getExtensions() == null
            ? null
            : TlsExtensionsUtils.getPreSharedKeyClientHello(hello.getExtensions());
    if (psks == null || !offersForwardSecrecy(hello)) {
      throw new PskNotOfferedAlert();
    }
    // RFC 8446 §4.1.2: after a retry the identities are those of before; so the choice stands.
    if (!afterHelloRetryRequest) {
      server.choose(psks, truncated(message, psks.getBindersSize()));
    }
    try {
      return super.generate13ServerHello(hello, message, afterHelloRetryRequest);
    } finally {
      server.erase();
    }
  }

  private static boolean offersForwardSecrecy(ClientHello hello) throws IOException {
    short[] modes = TlsExtensionsUtils.getPSKKeyExchangeModesExtension(hello.getExtensions());
    for (int i = 0; modes != null && i < modes.length; i++) {
      if (modes[i] == PskKeyExchangeMode.psk_dhe_ke) {
        return true;
      }
    }
    return false;
  }

  private static byte[] truncated(HandshakeMessageInput message, int bindersBytes) {
    var whole = new Copy();
    message.updateHash(whole);
    byte[] bytes = whole.bytes.toByteArray();
    return Arrays.copyOf(bytes, bytes.length - bindersBytes);
  }

  /** The library shows a message to hashes only. */
  private static final class Copy implements TlsHash {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void update(byte[] input, int offset, int length) {
      bytes.write(input, offset, length);
    }

    @Override
    public byte[] calculateHash() {
      throw new UnsupportedOperationException();
    }

    @Override
    public TlsHash cloneHash() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void reset() {
      bytes.reset();
    }
  }

  @Override
  protected void handleAlertWarningMessage(short description) throws IOException {
    if (description == AlertDescription.close_notify && server.session().isPresent()) {
      peerClosed = true; // what is under way to the peer still goes there
    } else {
      super.handleAlertWarningMessage(description);
    }
  }

  /** The peer sends nothing more. */
  boolean isPeerClosed() {
    return peerClosed || isClosed();
  }

  /** Says that nothing more comes; the other direction stays as it is. */
  void sayGoodbye() throws IOException {
    if (server.session().isPresent() && !isClosed()) {
      raiseAlertWarning(AlertDescription.close_notify, "nothing more to say");
    } else {
      close();
    }
  }
}
