// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ledger in memory. */
public final class InMemoryCertificateLedger implements CertificateLedger {
  private final TreeMap<Long, IssuedCertificate> byId = new TreeMap<>();
  private long lastId;

  @Override
  public IssuedCertificate add(Transaction tx, NewCertificate added, CertificateState initial) {
    var certificate = added.certificate();
    var fingerprint = Certificates.fingerprint(certificate);
    if (find(tx, fingerprint).isPresent()) {
      throw new DatabaseException("the certificate is in the ledger");
    }
    var issued =
        new IssuedCertificate(
            ++lastId,
            added.kind(),
            added.subject(),
            added.issuer(),
            fingerprint,
            Certificates.keyHash(certificate),
            certificate.getSerialNumber().toString(16),
            certificate.getNotBefore().toInstant(),
            certificate.getNotAfter().toInstant(),
            added.issuedAt().truncatedTo(ChronoUnit.MILLIS),
            initial,
            Optional.empty(),
            Optional.empty(),
            Certificates.der(certificate));
    byId.put(issued.id(), issued);
    tx.onRollback(() -> byId.remove(issued.id()));
    return issued;
  }

  @Override
  public Optional<IssuedCertificate> find(Transaction tx, long id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public Optional<IssuedCertificate> find(Transaction tx, Sha256 fingerprint) {
    return all(c -> c.fingerprint().equals(fingerprint)).findAny();
  }

  @Override
  public List<IssuedCertificate> withKey(Transaction tx, Sha256 keyHash) {
    return all(c -> c.keyHash().equals(keyHash)).toList();
  }

  @Override
  public Optional<IssuedCertificate> newest(Transaction tx, CertificateKind kind, String subject) {
    return of(kind, subject).reduce((first, second) -> second);
  }

  @Override
  public List<IssuedCertificate> search(Transaction tx, CertificateQuery query) {
    return all(c ->
            c.id() > query.afterId()
                && query.kind().map(c.kind()::equals).orElse(true)
                && query.subject().map(c.subject()::equals).orElse(true)
                && query.state().map(c.state()::equals).orElse(true)
                && query
                    .expiringBefore()
                    .map(end -> c.notAfter().isBefore(end) && usable(c))
                    .orElse(true))
        .limit(query.limit())
        .toList();
  }

  private Stream<IssuedCertificate> of(CertificateKind kind, String subject) {
    return all(c -> c.kind() == kind && c.subject().equals(subject));
  }

  private Stream<IssuedCertificate> all(Predicate<IssuedCertificate> wanted) {
    return List.copyOf(byId.values()).stream().filter(wanted);
  }

  private static boolean usable(IssuedCertificate certificate) {
    return certificate.state() == CertificateState.ISSUED
        || certificate.state() == CertificateState.ACTIVE;
  }

  @Override
  public void activate(Transaction tx, long id) {
    var activated = byId.get(id);
    if (activated == null || activated.state() != CertificateState.ISSUED) {
      return;
    }
    change(tx, activated, CertificateState.ACTIVE, Optional.empty(), Optional.empty());
    of(activated.kind(), activated.subject())
        .filter(c -> c.id() < id && usable(c))
        .forEach(c -> change(tx, c, CertificateState.RETIRED, Optional.empty(), Optional.empty()));
  }

  @Override
  public void revokeAll(
      Transaction tx, CertificateKind kind, String subject, String reason, Instant at) {
    var kept = Optional.of(at.truncatedTo(ChronoUnit.MILLIS));
    of(kind, subject)
        .filter(c -> c.state() != CertificateState.REVOKED)
        .forEach(c -> change(tx, c, CertificateState.REVOKED, kept, Optional.of(reason)));
  }

  private void change(
      Transaction tx,
      IssuedCertificate c,
      CertificateState state,
      Optional<Instant> revokedAt,
      Optional<String> reason) {
    byId.put(
        c.id(),
        new IssuedCertificate(
            c.id(),
            c.kind(),
            c.subject(),
            c.issuer(),
            c.fingerprint(),
            c.keyHash(),
            c.serialNumber(),
            c.notBefore(),
            c.notAfter(),
            c.issuedAt(),
            state,
            revokedAt,
            reason,
            c.der()));
    tx.onRollback(() -> byId.put(c.id(), c));
  }

  @Override
  public Map<CertificateState, Long> count(Transaction tx) {
    var counts = new EnumMap<CertificateState, Long>(CertificateState.class);
    for (CertificateState state : CertificateState.values()) {
      counts.put(state, all(c -> c.state() == state).count());
    }
    return counts;
  }

  private Map<Sha256, Set<String>> liveSubjectsByKey() {
    return all(c -> c.kind() == CertificateKind.DEVICE)
        .filter(c -> c.state() == CertificateState.ISSUED || c.state() == CertificateState.ACTIVE)
        .collect(
            Collectors.groupingBy(
                IssuedCertificate::keyHash,
                Collectors.mapping(IssuedCertificate::subject, Collectors.toSet())));
  }

  @Override
  public long countDevices(Transaction tx) {
    return liveSubjectsByKey().values().stream().flatMap(Set::stream).distinct().count();
  }

  @Override
  public long mostDevicesOfOneKey(Transaction tx) {
    return liveSubjectsByKey().values().stream().mapToLong(Set::size).max().orElse(0);
  }
}
