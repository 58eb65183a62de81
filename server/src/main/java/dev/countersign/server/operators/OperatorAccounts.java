// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.operators;

import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.database.Database;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.IssuedCertificate;
import dev.countersign.server.ledger.NewCertificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The people who may operate, each with a key made on their own machine and a certificate under a
 * CA that no device trusts.
 */
public final class OperatorAccounts {
  /** How the ledger calls the authority. */
  public static final String AUTHORITY = "operator-ca";

  private final Database database;
  private final Operators operators;
  private final CertificateLedger ledger;
  private final AuditLog audit;
  private final CertificateAuthority authority;
  private final Clock clock;
  private final KeyPolicy keyPolicy = KeyPolicy.standard();

  public OperatorAccounts(
      Database database,
      Operators operators,
      CertificateLedger ledger,
      AuditLog audit,
      CertificateAuthority authority,
      Clock clock) {
    this.database = database;
    this.operators = operators;
    this.ledger = ledger;
    this.audit = audit;
    this.authority = authority;
    this.clock = clock;
  }

  /**
   * Adds an operator.
   *
   * @param csr DER
   * @param actor who adds, as the audit log names them
   * @return the certificate; empty if a current operator has this name or the key is known
   */
  public Optional<X509Certificate> add(String name, byte[] csr, String actor)
      throws ProtocolException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")) {
      throw new MalformedException(
          "name", "expected 1 to 64 letters, digits, dots, hyphens, underscores or at signs");
    }
    VerifiedRequest request = VerifiedRequest.verify(CertificateRequest.parse(csr), keyPolicy);
    Instant now = clock.instant();
    X509Certificate certificate = authority.issueOperator(request, name, now);
    return database.write(tx -> {
      if (!ledger.withKey(tx, request.keyHash()).isEmpty()
          || !operators.add(tx, name, now, actor)) {
        return Optional.<X509Certificate>empty();
      }
      ledger.add(
          tx,
          new NewCertificate(CertificateKind.OPERATOR, name, certificate, now, AUTHORITY),
          CertificateState.ACTIVE);
      audit.append(tx, now, actor, new AuditEvent.OperatorAdded(name));
      return Optional.of(certificate);
    });
  }

  public List<Operator> list() {
    return database.read(operators::list);
  }

  /** Until when somebody can operate, as things stand; empty if there is no operator. */
  public Optional<Instant> lastCertificateEnds() {
    return database.read(tx ->
        operators.list(tx).stream()
            .filter(operator -> operator.removedAt().isEmpty())
            .flatMap(
                operator -> ledger.newest(tx, CertificateKind.OPERATOR, operator.name()).stream())
            .map(IssuedCertificate::notAfter)
            .max(Comparator.naturalOrder()));
  }

  /** What came of a removal. */
  public enum Removal {
    DONE,
    NO_SUCH_OPERATOR,
    /** Nobody could operate afterwards. */
    LAST_OPERATOR
  }

  /** Removes an operator; refused from the next request on. */
  public Removal remove(String name, String actor) {
    return database.write(tx -> {
      if (operators.find(tx, name).isEmpty()) {
        return Removal.NO_SUCH_OPERATOR;
      }
      long current = operators.list(tx).stream().filter(o -> o.removedAt().isEmpty()).count();
      if (current == 1) {
        return Removal.LAST_OPERATOR;
      }
      Instant now = clock.instant();
      operators.remove(tx, name, now);
      ledger.revokeAll(tx, CertificateKind.OPERATOR, name, "privilegeWithdrawn", now);
      audit.append(tx, now, actor, new AuditEvent.OperatorRemoved(name));
      return Removal.DONE;
    });
  }
}
