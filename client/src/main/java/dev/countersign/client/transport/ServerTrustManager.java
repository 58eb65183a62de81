// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import dev.countersign.protocol.x509.ChainRefusedException;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.protocol.x509.Purpose;
import dev.countersign.protocol.x509.VerifiedChain;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Accepts one server: chain to the maker's root <em>and</em> name <em>and</em> key usage, not ended
 * before the floor. The wall clock is not asked.
 *
 * <p>Extended, so that the platform adds no checks of its own and leaves none out: name and purpose
 * are checked here whatever the caller configures. Safe for use by many threads.
 */
public final class ServerTrustManager extends X509ExtendedTrustManager {
  private final ServerTrust trust;
  private final String serverName;
  private final TimeFloor floor;

  ServerTrustManager(ServerTrust trust, String serverName, TimeFloor floor) {
    this.trust = trust;
    this.serverName = serverName;
    this.floor = floor;
  }

  private void verify(X509Certificate[] chain) throws CertificateException {
    List<X509Certificate> presented = Arrays.asList(chain);
    try {
      VerifiedChain verified =
          ChainVerifier.trusting(trust.anchors(presented))
              .verifyNotEndedBefore(presented, new Purpose.TlsServer(serverName), floor.instant());
      raiseFloor(verified.path());
    } catch (ChainRefusedException e) {
      throw new CertificateException(
          "the server at " + serverName + " was not accepted: " + e.getMessage(), e);
    }
  }

  private void raiseFloor(List<X509Certificate> path) {
    Instant begin = Instant.MIN;
    Instant end = Instant.MAX;
    for (X509Certificate certificate : path) {
      Instant from = certificate.getNotBefore().toInstant();
      Instant until = certificate.getNotAfter().toInstant();
      begin = from.isAfter(begin) ? from : begin;
      end = until.isBefore(end) ? until : end;
    }
    floor.verified(begin, end);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw onlyAClient();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw onlyAClient();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw onlyAClient();
  }

  private static CertificateException onlyAClient() {
    return new CertificateException("a device accepts no clients");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
