// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.integration.hub.TestPhone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Ends a phone's TLS with a certificate of its choice, and forwards what was inside over a TLS
 * connection of its own to the real hub.
 */
final class EvilTwin implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final SSLServerSocket listener;
  private final int target;
  private final List<SSLSocket> accepted = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable TlsIdentity> towardsHub = new AtomicReference<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  private EvilTwin(SSLServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /** What a thief of a hub's flash memory can show. */
  static TlsIdentity of(HubIdentity hub) {
    return new TlsIdentity(hub.privateKey(), hub.chain());
  }

  /**
   * Stands before the hub on this port.
   *
   * @param identity what it shows to phones
   */
  static EvilTwin before(int target, TlsIdentity identity) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {identity.keyManager()},
          new TrustManager[] {TestPhone.trustsAll()},
          null);
      var listener =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      listener.setWantClientAuth(true);
      var parameters = listener.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"cs-pair/1", "cs/1"});
      listener.setSSLParameters(parameters);
      var twin = new EvilTwin(listener, target);
      Thread.ofVirtual().start(twin::listen);
      return twin;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What it shows to the hub from now on. */
  void show(TlsIdentity identity) {
    towardsHub.set(identity);
  }

  private void listen() {
    try {
      while (true) {
        var phone = (SSLSocket) listener.accept();
        accepted.add(phone);
        Thread.ofVirtual().start(() -> forward(phone));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void forward(SSLSocket phone) {
    try (phone) {
      phone.startHandshake();
      try (TestPhone.Line hub =
          TestPhone.Line.open(target, phone.getApplicationProtocol(), towardsHub.get())) {
        Thread.ofVirtual().start(() -> pump(hub.socket(), phone));
        pump(phone, hub.socket());
      }
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  private static void pump(Socket from, Socket to) {
    var buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      for (int read = from.getInputStream().read(buffer);
          read >= 0;
          read = from.getInputStream().read(buffer)) {
        to.getOutputStream().write(buffer, 0, read);
        to.getOutputStream().flush();
      }
    } catch (IOException e) {
      // one side has gone
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How its own handshakes ended, on either side. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /**
   * The certificate that the last phone showed it; what it shows to the hub needs a key as well.
   */
  Optional<X509Certificate> seen() {
    try {
      Certificate[] chain = accepted.getLast().getSession().getPeerCertificates();
      return Optional.of((X509Certificate) chain[0]);
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SSLSocket each : accepted) {
      each.close();
    }
  }
}
