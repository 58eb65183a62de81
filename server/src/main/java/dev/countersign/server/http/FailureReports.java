// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the observer what failed on one listener, and the log on DEBUG. */
final class FailureReports {
  private static final Logger log = LoggerFactory.getLogger(FailureReports.class);

  private final String listener;
  private final ConnectionObserver observer;

  FailureReports(String listener, ConnectionObserver observer) {
    this.listener = listener;
    this.observer = observer;
  }

  void notAccepted(PeerAddress peer, ConnectionFailure.Limit limit) {
    report(new ConnectionFailure.NotAccepted(listener, peer.toString(), limit));
  }

  void saidNothing(PeerAddress peer) {
    report(new ConnectionFailure.SaidNothing(listener, peer.toString()));
  }

  void handshakeFailed(PeerAddress peer, Throwable cause, Optional<X509Certificate> presented) {
    report(new ConnectionFailure.HandshakeFailed(listener, peer.toString(), cause, presented));
  }

  void requestRefused(Connection connection, Refusal refusal) {
    report(
        new ConnectionFailure.RequestRefused(
            listener,
            connection.peer().toString(),
            refusal.answer().status(),
            refusal.type(),
            connection.presentedCertificates().stream().findFirst()));
  }

  private void report(ConnectionFailure failure) {
    log.debug("failure={}", failure);
    try {
      observer.failed(failure);
    } catch (RuntimeException e) {
      log.error("listener={} observer_failed", listener, e);
    }
  }
}
