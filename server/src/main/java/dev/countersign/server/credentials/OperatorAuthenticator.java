// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import dev.countersign.protocol.x509.VerifiedChain;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.database.Database;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.IssuedCertificate;
import dev.countersign.server.operators.Operators;
import java.util.Optional;

/**
 * Decides whether a certificate under the operators' CA is that of a current operator, on every
 * request. The only maker of {@link AuthenticatedOperator}.
 */
public final class OperatorAuthenticator {
  private final Database database;
  private final CertificateLedger ledger;
  private final Operators operators;

  public OperatorAuthenticator(Database database, CertificateLedger ledger, Operators operators) {
    this.database = database;
    this.ledger = ledger;
    this.operators = operators;
  }

  public AuthenticatedOperator byCertificate(VerifiedChain chain)
      throws CredentialRefusedException {
    return database.read(tx -> {
      Optional<IssuedCertificate> certificate = ledger.find(tx, chain.fingerprint());
      if (certificate.isEmpty()) {
        throw new CredentialRefusedException(Reason.UNKNOWN_CERTIFICATE, chain.fingerprint().hex());
      }
      String name = certificate.get().subject();
      if (certificate.get().kind() != CertificateKind.OPERATOR
          || certificate.get().state() == CertificateState.REVOKED
          || operators.find(tx, name).isEmpty()) {
        throw new CredentialRefusedException(Reason.NOT_AN_OPERATOR, name);
      }
      return new AuthenticatedOperator(name);
    });
  }
}
