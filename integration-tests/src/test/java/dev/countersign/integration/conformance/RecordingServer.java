// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.integration.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A TLS server that shows what it is told to show, counts what clients then say to it, and answers
 * 503 to that.
 */
final class RecordingServer implements AutoCloseable {
  private static final byte[] ANSWER =
      "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);

  private final SSLServerSocket socket;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger received = new AtomicInteger();

  RecordingServer(TlsIdentity shown) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {shown.keyManager()}, null, null);
    this.socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("recording-server").start(this::serve);
  }

  URI url() {
    return URI.create("https://localhost:" + socket.getLocalPort());
  }

  /** How often somebody came. */
  int connections() {
    return connections.get();
  }

  /** How often that ended badly. */
  int failures() {
    return failures.get();
  }

  /** Bytes of application data: what was said after the handshake. */
  int received() {
    return received.get();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (var client = (SSLSocket) socket.accept()) {
        connections.incrementAndGet();
        converse(client);
      } catch (IOException e) {
        failures.incrementAndGet(); // a client that refused us, or the end
      }
    }
  }

  private void converse(SSLSocket client) throws IOException {
    var buffer = new byte[16_384];
    int read = client.getInputStream().read(buffer);
    if (read > 0) {
      received.addAndGet(read);
      client.getOutputStream().write(ANSWER);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
