// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Problem;
import dev.countersign.server.operators.Operator;
import dev.countersign.server.operators.OperatorAccounts;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /v1/operators}. */
final class OperatorHandlers {
  private final OperatorAccounts accounts;
  private final X509Certificate authority;

  OperatorHandlers(OperatorAccounts accounts, X509Certificate authority) {
    this.accounts = accounts;
    this.authority = authority;
  }

  Answer add(AuthenticatedOperator operator, Exchange exchange) throws ProtocolException {
    var body = RequestBody.parse(exchange.body(), "name", "csr");
    String name = body.requiredText("name");
    byte[] csr;
    try {
      csr = Base64.getDecoder().decode(body.requiredText("csr"));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("csr", "expected PKCS #10 in DER in Base64", e);
    }
    Optional<X509Certificate> certificate = accounts.add(name, csr, operator.actor());
    if (certificate.isEmpty()) {
      return Problem.conflict(
          "operator-exists", "there is an operator of this name, or the key has been used before");
    }
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", name);
    view.put("certificate", Certificates.toPem(certificate.get()));
    view.put("authority", Certificates.toPem(authority));
    view.put("expiresAt", certificate.get().getNotAfter().toInstant().toString());
    return Answer.json(201, view);
  }

  Answer list(AuthenticatedOperator operator, Exchange exchange) {
    var operators = accounts.list();
    return new Answer.Lines(sink -> {
      for (Operator one : operators) {
        sink.line(Views.operator(one));
      }
    });
  }

  Answer remove(AuthenticatedOperator operator, Exchange exchange) {
    return switch (accounts.remove(exchange.pathParameter("name"), operator.actor())) {
      case DONE -> Answer.NO_CONTENT;
      case NO_SUCH_OPERATOR ->
          Problem.notFound("no such operator; 'operator list' shows those there are");
      case LAST_OPERATOR ->
          Problem.conflict(
              "last-operator", "nobody could operate afterwards; add another operator first");
    };
  }
}
