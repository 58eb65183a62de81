// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.protocol.x509.Certificates;
import io.vertx.core.http.HttpConnection;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final String listener;
  private final HttpConnection connection;
  private final PeerAddress peer;
  private final AtomicReference<@Nullable Object> verdict = new AtomicReference<>();
  private final Queue<Runnable> closeActions = new ConcurrentLinkedQueue<>();
  private @Nullable IncomingRequest reading;
  private int unanswered;
  private boolean hungUp;
  private volatile boolean closed;

  Connection(String listener, HttpConnection connection, PeerAddress peer) {
    this.listener = listener;
    this.connection = connection;
    this.peer = peer;
  }

  /** The listener it came to, as the configuration names it. */
  public String listener() {
    return listener;
  }

  PeerAddress peer() {
    return peer;
  }

  /** What has begun to come in, and has not ended. Event loop only, as all the next. */
  @Nullable IncomingRequest reading() {
    return reading;
  }

  void reading(@Nullable IncomingRequest request) {
    reading = request;
  }

  /**
   * What still comes on this connection is not looked at: it may be the rest of a request that was
   * refused, or be meant to look like that (RFC 9112 §11.2).
   */
  void hangUp() {
    hungUp = true;
  }

  boolean isHungUp() {
    return hungUp;
  }

  /** The peer may expect an answer to what it sent. */
  boolean awaitsAnswer() {
    return unanswered > 0;
  }

  /** One more request has a whole head; how many there are without an answer. */
  int requestBegun() {
    return ++unanswered;
  }

  void requestAnswered() {
    unanswered--;
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

  /** What TLS agreed on, where the listener's own TLS has more to say than the platform's. */
  public <T extends SSLSession> Optional<T> session(Class<T> kind) {
    SSLSession session = connection.sslSession();
    return kind.isInstance(session) ? Optional.of(kind.cast(session)) : Optional.empty();
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

  /** Whom limits per address take this peer for. */
  public AddressBlock addressBlock() {
    return peer.block();
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
    if (reading != null) {
      reading.abandon();
    }
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
