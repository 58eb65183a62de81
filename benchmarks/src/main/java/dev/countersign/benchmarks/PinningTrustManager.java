// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the one certificate that it saw first, and counts how often it was asked: a resumed
 * session shows no certificate (RFC 8446 §2.2), so that the count is that of full handshakes.
 *
 * <p>Cheap on purpose, so that the client leaves the machine to the server; which server it is was
 * settled by whoever started both.
 */
final class PinningTrustManager extends X509ExtendedTrustManager {
  private final AtomicReference<@Nullable X509Certificate> pinned = new AtomicReference<>();
  private final AtomicLong asked = new AtomicLong();

  long fullHandshakes() {
    return asked.get();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    asked.incrementAndGet();
    pinned.compareAndSet(null, chain[0]);
    if (!chain[0].equals(pinned.get())) {
      throw new CertificateException("the server changed its certificate");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {
    throw neverAServer();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
    throw neverAServer();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    throw neverAServer();
  }

  private static IllegalStateException neverAServer() {
    return new IllegalStateException("this trust manager is for clients");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
