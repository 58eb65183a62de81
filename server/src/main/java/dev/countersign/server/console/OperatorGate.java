// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.ChainRefusedException;
import dev.countersign.protocol.x509.VerifiedChain;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.credentials.ChainJudge;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.OperatorAuthenticator;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Handler;
import dev.countersign.server.http.Problem;
import dev.countersign.server.journal.Attempt;
import dev.countersign.server.journal.Claim;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.Reason;

/** Lets operators through to handlers that ask for one. Judged anew on every request. */
final class OperatorGate {
  private final ChainJudge judge;
  private final OperatorAuthenticator authenticator;
  private final Journal journal;

  OperatorGate(ChainJudge judge, OperatorAuthenticator authenticator, Journal journal) {
    this.judge = judge;
    this.authenticator = authenticator;
    this.journal = journal;
  }

  /** Answers a request of an operator who proved to be one. */
  @FunctionalInterface
  interface OperatorHandler {
    Answer handle(AuthenticatedOperator operator, Exchange exchange) throws ProtocolException;
  }

  Handler only(OperatorHandler handler) {
    return exchange -> {
      AuthenticatedOperator operator;
      try {
        VerifiedChain chain = judge.judge(exchange.connection().presentedCertificates());
        operator = authenticator.byCertificate(chain);
      } catch (ChainRefusedException | CredentialRefusedException e) {
        note(exchange, e);
        return Problem.UNAUTHENTICATED;
      }
      return handler.handle(operator, exchange);
    };
  }

  private void note(Exchange exchange, Exception e) {
    journal.note(
        new Attempt(
            OperatorApi.LISTENER,
            exchange.connection().address(),
            Reason.NOT_AN_OPERATOR,
            String.valueOf(e.getMessage()),
            Claim.holding(exchange.connection().presentedCertificates())));
  }
}
