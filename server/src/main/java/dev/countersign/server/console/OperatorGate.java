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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets operators through to handlers that ask for one. Judged anew on every request. */
final class OperatorGate {
  private static final Logger log = LoggerFactory.getLogger(OperatorGate.class);

  private final ChainJudge judge;
  private final OperatorAuthenticator authenticator;

  OperatorGate(ChainJudge judge, OperatorAuthenticator authenticator) {
    this.judge = judge;
    this.authenticator = authenticator;
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
        log.info(
            "listener=operator-https peer={} path={} outcome=refused reason=\"{}\"",
            exchange.connection().remoteAddress(),
            exchange.path(),
            e.getMessage());
        return Problem.UNAUTHENTICATED;
      }
      return handler.handle(operator, exchange);
    };
  }
}
