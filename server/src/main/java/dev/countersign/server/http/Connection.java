// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.protocol.x509.Certificates;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection as handlers see it: who claims to be on it, and a place to keep what was found out
 * about that claim, so that it is found out once.
 */
public final class Connection {
  private final HttpConnection connection;
  private final PeerAddress peer;
  private final AtomicReference<@Nullable Object> verdict = new AtomicReference<>();
  private final Queue<Runnable> closeActions = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  Connection(HttpConnection connection) {
    this.connection = connection;
    this.peer = PeerAddress.of(channel(connection).remoteAddress());
  }

  /** The channel below; Vert.x has no other way to say where a connection comes from as bytes. */
  private static Channel channel(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext().channel();
  }

  PeerAddress peer() {
    return peer;
  }

  /**
   * The certificates that the peer presented when the session began, leaf first, unjudged; TLS has
   * shown that it holds the leaf's key. Also filled on a resumed session.
   */
  public List<X509Certificate> presentedCertificates() {
    SSLSession session = connection.sslSession();
    var certificates = new ArrayList<X509Certificate>();
    try {
      if (session != null) {
        for (Certificate certificate : session.getPeerCertificates()) {
          if (certificate instanceof X509Certificate x509) {
            certificates.add(x509);
          }
        }
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // none was presented
    }
    return certificates;
  }

  /** Names what was presented without judging it, for logs. */
  public String presentedFingerprint() {
    List<X509Certificate> presented = presentedCertificates();
    return presented.isEmpty() ? "none" : Certificates.fingerprint(presented.getFirst()).hex();
  }

  /** The address of the peer without its port, IPv6 as RFC 5952 writes it. */
  public String address() {
    return peer.toString();
  }

  /** The address of the peer with its port, for logs. */
  public String remoteAddress() {
    var address = connection.remoteAddress();
    return address == null ? "unknown" : address.hostAddress() + ":" + address.port();
  }

  /** What a listener remembered about this connection. */
  public @Nullable Object verdict() {
    return verdict.get();
  }

  public void remember(Object value) {
    verdict.set(value);
  }

  /** Runs when the connection ends, or now if it has ended. Must not block. */
  public void onClose(Runnable action) {
    closeActions.add(action);
    if (closed) {
      ended();
    }
  }

  /** The connection is gone. */
  void ended() {
    closed = true;
    for (Runnable action = closeActions.poll(); action != null; action = closeActions.poll()) {
      action.run();
    }
  }

  /** Ends the connection now. Any thread. */
  public void close() {
    connection.close();
  }
}
