// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.pairing.TypedAttempt;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of one connection, as far as TLS knows. */
final class Peer {
  /** RFC 9266 §3: the exporter with this label, no context, 32 bytes. */
  private static final String CHANNEL_BINDING = "EXPORTER-Channel-Binding";

  private static final int CHANNEL_BINDING_BYTES = 32;

  private final HttpConnection connection;
  private final Channel channel;
  private final Protocol protocol;
  private final ExtendedSSLSession session;
  private final InetAddress address;
  private final AtomicInteger answering = new AtomicInteger();
  private @Nullable TypedAttempt typed;

  private Peer(
      HttpConnection connection,
      Channel channel,
      Protocol protocol,
      ExtendedSSLSession session,
      InetAddress address) {
    this.connection = connection;
    this.channel = channel;
    this.protocol = protocol;
    this.session = session;
    this.address = address;
  }

  static Peer of(HttpConnection connection, Channel channel) {
    SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
    InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    return new Peer(
        connection,
        channel,
        Protocol.of(engine.getApplicationProtocol()),
        (ExtendedSSLSession) engine.getSession(),
        address);
  }

  HttpConnection connection() {
    return connection;
  }

  Protocol protocol() {
    return protocol;
  }

  /** Whether it is on this machine: the hub's own screen. */
  boolean isLoopback() {
    return address.isLoopbackAddress();
  }

  /** Where it comes from. */
  InetAddress address() {
    return address;
  }

  /** The certificate whose key the peer showed to have. */
  Optional<X509Certificate> certificate() {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate leaf
          ? Optional.of(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** What both ends of this very connection know, and nobody in between (RFC 9266). */
  byte[] channelBinding() {
    try {
      return session.exportKeyingMaterialData(CHANNEL_BINDING, new byte[0], CHANNEL_BINDING_BYTES);
    } catch (SSLException e) {
      throw new IllegalStateException("TLS 1.3 always has an exporter", e);
    }
  }

  /** The first half of a typed code was exchanged on this connection. */
  synchronized void began(TypedAttempt attempt) {
    typed = attempt;
  }

  /** That first half, once. */
  synchronized Optional<TypedAttempt> takeTyped() {
    Optional<TypedAttempt> taken = Optional.ofNullable(typed);
    typed = null;
    return taken;
  }

  /** A request of it is being worked on. */
  void asked() {
    answering.incrementAndGet();
  }

  /** An answer to it has left. */
  void answered() {
    answering.decrementAndGet();
  }

  /** Whether it waits for an answer. */
  boolean isWaiting() {
    return answering.get() > 0;
  }

  /** Ends the connection now. */
  void close() {
    HangUp.now(channel);
  }
}
