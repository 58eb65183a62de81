// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;

/**
 * TLS 1.3 of a hub, by the platform's provider, which has the exporter that pairing is bound to
 * (RFC 9266). Asks for a client certificate and judges it later; never resumes a session.
 */
final class HubTls extends DelegatingSslContext {
  /**
   * The platform sends no ticket for sessions that live longer than RFC 8446 §4.6.1 allows (seven
   * days), and this is the only way to tell it so for one context. A session that nobody can resume
   * needs no end.
   */
  private static final int NO_TICKETS_SECONDS = (int) Duration.ofDays(8).toSeconds();

  private final Handshakes handshakes;

  private HubTls(SslContext context, int maxHandshakes) {
    super(context);
    this.handshakes = new Handshakes(maxHandshakes);
  }

  static HubTls of(PrivateKey key, List<X509Certificate> chain, int maxHandshakes)
      throws IOException {
    SslContext context =
        SslContextBuilder.forServer(key, chain.toArray(X509Certificate[]::new))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3")
            .clientAuth(ClientAuth.OPTIONAL)
            .trustManager(new UnjudgingTrustManager())
            // Netty puts the key through a key store in memory; the default kind would stretch its
            // empty password.
            .keyStoreType("JKS")
            .sessionTimeout(NO_TICKETS_SECONDS)
            .build();
    return new HubTls(context, maxHandshakes);
  }

  @Override
  protected void initEngine(SSLEngine engine) {
    engine.setHandshakeApplicationProtocolSelector((e, offered) -> Protocol.choose(offered));
  }

  @Override
  protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor tasks) {
    return new CountedHandler(newEngine(allocator), tasks);
  }

  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, String host, int port, boolean startTls, Executor tasks) {
    return new CountedHandler(newEngine(allocator, host, port), tasks);
  }

  /** Its handshake is one of those that are counted. */
  private final class CountedHandler extends SslHandler {
    CountedHandler(SSLEngine engine, Executor tasks) {
      super(engine, false, tasks);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
      handshakes
          .begin(context)
          .ifPresent(oldest -> oldest.channel().close().addListener(closed -> {}));
      super.handlerAdded(context);
      handshakeFuture().addListener(done -> handshakes.end(context));
      context.channel().closeFuture().addListener(closed -> handshakes.end(context));
    }
  }
}
