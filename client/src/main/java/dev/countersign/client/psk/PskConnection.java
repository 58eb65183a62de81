// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.psk;

import dev.countersign.client.http.HttpConversation;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.crypto.TlsCrypto;

/** One connection, for one exchange at a time. Any thread may close it. */
final class PskConnection implements AutoCloseable {
  /** With the handshake: a small device needs seconds for the arithmetic alone. */
  private static final int CONNECT_MILLIS = 30_000;

  private static final int DEFAULT_PORT = 8444;

  /** More than any answer of the device API: 256 settings of a kilobyte, escaped. */
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final Socket socket;
  private final HttpConversation conversation;
  private volatile long lastUsedNanos = System.nanoTime();

  private PskConnection(Socket socket, URI server, TlsClientProtocol tls) {
    this.socket = socket;
    this.conversation =
        new HttpConversation(
            tls.getInputStream(), tls.getOutputStream(), server.getRawAuthority(), MAX_BODY_BYTES);
  }

  /** What is opened can be given up from another thread before it is open. */
  interface Opening {
    void began(Socket socket) throws IOException;
  }

  static PskConnection open(URI server, PskCredential credential, TlsCrypto crypto, Opening opening)
      throws IOException {
    var socket = new Socket();
    var client = new PskTlsClient(crypto, credential);
    try {
      opening.began(socket);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(CONNECT_MILLIS);
      int port = server.getPort() < 0 ? DEFAULT_PORT : server.getPort();
      socket.connect(new InetSocketAddress(server.getHost(), port), CONNECT_MILLIS);
      var tls = new TlsClientProtocol(socket.getInputStream(), socket.getOutputStream());
      tls.connect(client);
      return new PskConnection(socket, server, tls);
    } catch (TlsFatalAlertReceived e) {
      socket.close();
      throw new IOException("the server does not accept this device's key: " + e.getMessage(), e);
    } catch (IOException e) {
      socket.close();
      throw e;
    } finally {
      client.erase();
    }
  }

  Response exchange(Request request) throws IOException {
    long deadline = System.nanoTime() + request.timeout().toNanos();
    socket.setSoTimeout((int) Math.max(1, request.timeout().toMillis()));
    Response answer = conversation.exchange(request);
    if (System.nanoTime() - deadline > 0) {
      throw new IOException("no answer within " + request.timeout().toMillis() / 1000 + " s");
    }
    lastUsedNanos = System.nanoTime();
    return answer;
  }

  /** Whether a request failed before the server said anything to it. */
  boolean isUnanswered() {
    return conversation.isUnanswered();
  }

  /** Whether the server may have closed it meanwhile. */
  boolean isStale(Duration most) {
    return socket.isClosed() || System.nanoTime() - lastUsedNanos > most.toNanos();
  }

  /** Ends it, also in the middle of an exchange, which then fails. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }
}
