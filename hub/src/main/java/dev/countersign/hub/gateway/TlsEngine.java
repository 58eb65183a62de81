// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.KeyStoreOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;

/** Hands a TLS context of our own to the HTTP server, instead of one that it would build. */
final class TlsEngine extends SSLEngineOptions {
  private final HubTls context;

  TlsEngine(HubTls context) {
    this.context = context;
  }

  @Override
  public SSLEngineOptions copy() {
    return new TlsEngine(context);
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return () -> context;
  }

  /**
   * Vert.x wants to see key options before it asks for a context; it never uses these. Its own ALPN
   * fails with names that it does not know.
   */
  static ServerSSLOptions placeholderOptions(Duration handshakeTimeout) {
    var options = new ServerSSLOptions().setKeyCertOptions(new NoKeys());
    options.setSslHandshakeTimeout(handshakeTimeout.toSeconds());
    options.setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    return options.setUseAlpn(false);
  }

  private static final class NoKeys implements KeyCertOptions {
    @Override
    public KeyCertOptions copy() {
      return this;
    }

    @Override
    public KeyManagerFactory getKeyManagerFactory(Vertx vertx) throws Exception {
      return new KeyStoreOptions().setType("PKCS12").getKeyManagerFactory(vertx);
    }

    @Override
    @SuppressWarnings("NullAway") // null: no names but the default
    public Function<String, KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx) {
      return null;
    }
  }
}
