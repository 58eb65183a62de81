// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets (nearly) every client certificate through to the listener, which judges it on each
 * connection. TLS still demands proof that the peer holds the certificate's key (RFC 8446 §4.4.3).
 *
 * <p>Extended, so that neither Netty nor the JDK wraps it in checks of its own. Names no acceptable
 * authorities: a client that holds a wrong certificate then shows it, and can be told.
 *
 * <p>The one exception: BoringSSL takes SHA-1 in an RSA client's signature under TLS 1.2, and
 * offers no way to be told otherwise. So RSA clients need TLS 1.3 there, which knows no SHA-1 (RFC
 * 8446 §4.2.3).
 */
final class UnjudgingTrustManager extends X509ExtendedTrustManager {
  private final boolean refusesRsaBeforeTls13;

  UnjudgingTrustManager(TlsProvider provider) {
    this.refusesRsaBeforeTls13 = provider == TlsProvider.BORINGSSL;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    boolean rsa = chain.length > 0 && chain[0].getPublicKey() instanceof RSAKey;
    if (refusesRsaBeforeTls13
        && rsa
        && !"TLSv1.3".equals(engine.getHandshakeSession().getProtocol())) {
      throw new CertificateException("an RSA client certificate needs TLS 1.3 here");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) {
    throw neverAClient();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
    throw neverAClient();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    throw neverAClient();
  }

  private static IllegalStateException neverAClient() {
    return new IllegalStateException("this trust manager is for listeners");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
