// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The TLS of one listener. The credential can be replaced while it runs: connections that are open
 * keep the old one, new ones get the new one.
 *
 * <p>Safe for use by many threads.
 */
public final class ServerTls {
  static {
    // The JDK would let a TLS 1.2 client renegotiate, and so change its certificate on a connection
    // that has been judged (RFC 5746 §1). It reads this once, before its first server handshake;
    // BoringSSL never renegotiates.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** ECDHE with an AEAD, nothing else; strongest hardware-friendly first. */
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

  /** A stateless ticket is 48 bytes of key: name 16, HMAC 16, AES 16. */
  private static final int TICKET_KEY_PART_BYTES = 16;

  /** How long a session may be resumed at all. */
  private static final int SESSION_SECONDS = 12 * 3600;

  private final TlsProvider provider;
  private final SecureRandom random;
  private final ReloadableSslContext context;
  private OpenSslSessionTicketKey ticketKey;

  public ServerTls(TlsProvider provider, ServerCredential credential, SecureRandom random)
      throws IOException {
    this.provider = provider;
    this.random = random;
    this.ticketKey = newTicketKey();
    this.context = new ReloadableSslContext(build(credential));
  }

  /** The context to listen with; follows {@link #replace}. */
  public SslContext context() {
    return context;
  }

  public TlsProvider provider() {
    return provider;
  }

  /** The certificate that new connections are shown. */
  public synchronized void replace(ServerCredential credential) throws IOException {
    context.replace(build(credential));
  }

  /**
   * Makes a new ticket key and keeps the one before it for tickets that are out. Called every 12
   * hours: whoever steals a ticket key reads only that long (RFC 8446 §C.4).
   */
  public synchronized void rotateTicketKeys() {
    OpenSslSessionTicketKey previous = ticketKey;
    ticketKey = newTicketKey();
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setTicketKeys(ticketKey, previous);
    }
  }

  private SslContext build(ServerCredential credential) throws IOException {
    SslContext built =
        SslContextBuilder.forServer(
                credential.key(), credential.chain().toArray(X509Certificate[]::new))
            .sslProvider(provider.netty())
            .protocols(PROTOCOLS)
            .ciphers(SUITES)
            .clientAuth(ClientAuth.OPTIONAL)
            .trustManager(new UnjudgingTrustManager(provider))
            // Netty puts the key through a key store in memory. The default kind stretches its
            // empty password 10 000 times, which a start would wait for and nobody is helped by.
            .keyStoreType("JKS")
            .sessionTimeout(SESSION_SECONDS)
            .build();
    if (built.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setTicketKeys(ticketKey);
    }
    return built;
  }

  private OpenSslSessionTicketKey newTicketKey() {
    return new OpenSslSessionTicketKey(randomPart(), randomPart(), randomPart());
  }

  private byte[] randomPart() {
    var part = new byte[TICKET_KEY_PART_BYTES];
    random.nextBytes(part);
    return part;
  }
}
