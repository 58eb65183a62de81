// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ledger of issued certificates. Instants are kept to the millisecond. */
public interface CertificateLedger {
  /**
   * Enters a certificate.
   *
   * @throws dev.countersign.server.database.DatabaseException if it is in the ledger already
   */
  IssuedCertificate add(Transaction tx, NewCertificate certificate, CertificateState initial);

  Optional<IssuedCertificate> find(Transaction tx, long id);

  Optional<IssuedCertificate> find(Transaction tx, Sha256 fingerprint);

  /** Every certificate for this key, whoever has it, by id. */
  List<IssuedCertificate> withKey(Transaction tx, Sha256 keyHash);

  /** The one with the highest id, whatever its state. */
  Optional<IssuedCertificate> newest(Transaction tx, CertificateKind kind, String subject);

  /** What the query describes, by id. */
  List<IssuedCertificate> search(Transaction tx, CertificateQuery query);

  /**
   * Notes the first use of an issued certificate: it becomes active, and those of the same kind and
   * subject with a smaller id that are issued or active become retired. Nothing changes if it was
   * not in state {@link CertificateState#ISSUED}.
   */
  void activate(Transaction tx, long id);

  /** Revokes what is not revoked yet of this kind and subject. */
  void revokeAll(Transaction tx, CertificateKind kind, String subject, String reason, Instant at);

  /** How many certificates are in each state; every state is there. */
  Map<CertificateState, Long> count(Transaction tx);

  /** How many devices have a certificate that is neither retired nor revoked. */
  long countDevices(Transaction tx);

  /** Of such certificates, how many devices have the key that most devices have; 0 for none. */
  long mostDevicesOfOneKey(Transaction tx);
}
