// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway;

import dev.countersign.server.http.ConnectionFailure;
import dev.countersign.server.http.ConnectionObserver;
import dev.countersign.server.http.PeerAlertException;
import dev.countersign.server.journal.Attempt;
import dev.countersign.server.journal.Claim;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.Reason;
import dev.countersign.server.tls.psk.PskRefusedException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Takes down what failed before any handler saw it. */
public final class ConnectionJournal implements ConnectionObserver {
  private final Journal journal;

  public ConnectionJournal(Journal journal) {
    this.journal = journal;
  }

  @Override
  public void failed(ConnectionFailure failure) {
    journal.note(
        switch (failure) {
          case ConnectionFailure.NotAccepted refused ->
              attempt(refused, reason(refused.limit()), "", Claim.NONE);
          case ConnectionFailure.SaidNothing silent ->
              attempt(silent, Reason.NO_HANDSHAKE, "", Claim.NONE);
          case ConnectionFailure.HandshakeFailed broken ->
              attempt(
                  broken,
                  HandshakeDiagnosis.of(broken.cause()),
                  words(broken.cause()),
                  claim(broken));
          case ConnectionFailure.RequestRefused request ->
              attempt(
                  request,
                  RequestReasons.of(request.problemType()),
                  request.problemType(),
                  holding(request.presented()));
        });
  }

  private static Attempt attempt(
      ConnectionFailure failure, Reason reason, String detail, Claim claim) {
    return new Attempt(failure.listener(), failure.address(), reason, detail, claim);
  }

  private static Claim claim(ConnectionFailure.HandshakeFailed broken) {
    for (Throwable t = broken.cause(); t != null; t = t.getCause()) {
      if (t instanceof PskRefusedException refused) {
        return refused.serial().map(serial -> Claim.named(serial.value())).orElse(Claim.NONE);
      }
    }
    return broken.presented().map(Claim::presenting).orElse(Claim.NONE);
  }

  /** The innermost message: outer ones say "Unexpected exception". */
  private static String words(Throwable cause) {
    String words = "";
    for (Throwable t = cause; t != null; t = t.getCause()) {
      words = t.getMessage() == null ? words : t.getMessage();
      if (t instanceof PeerAlertException || t instanceof PskRefusedException) {
        break; // below is what our library made of it
      }
    }
    return words;
  }

  private static Claim holding(Optional<X509Certificate> presented) {
    return Claim.holding(presented.map(List::of).orElse(List.of()));
  }

  private static Reason reason(ConnectionFailure.Limit limit) {
    return switch (limit) {
      case CONNECTIONS_OF_ADDRESS -> Reason.TOO_MANY_CONNECTIONS_FROM_ADDRESS;
      case CONNECTIONS -> Reason.TOO_MANY_CONNECTIONS;
      case HANDSHAKES_OF_ADDRESS, HANDSHAKES -> Reason.TOO_MANY_HANDSHAKES;
    };
  }
}
