// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import dev.countersign.protocol.Sha256;
import java.time.Instant;
import java.util.Optional;

/**
 * A certificate in the ledger.
 *
 * @param id its number; later certificates have higher ones
 * @param subject a device's serial, or the name of an operator, authority or server
 * @param issuer the name of the authority that signed it
 * @param fingerprint SHA-256 of the DER
 * @param keyHash SHA-256 of its SubjectPublicKeyInfo
 * @param serialNumber in lower-case hexadecimal digits
 * @param der the certificate itself; copied in and out
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; equality is the fingerprint's
public record IssuedCertificate(
    long id,
    CertificateKind kind,
    String subject,
    String issuer,
    Sha256 fingerprint,
    Sha256 keyHash,
    String serialNumber,
    Instant notBefore,
    Instant notAfter,
    Instant issuedAt,
    CertificateState state,
    Optional<Instant> revokedAt,
    Optional<String> revocationReason,
    byte[] der) {

  public IssuedCertificate {
    der = der.clone();
  }

  @Override
  public byte[] der() {
    return der.clone();
  }

  /**
   * Whether it is the same row in the same state; the fingerprint stands for all that is signed.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof IssuedCertificate that
        && id == that.id
        && fingerprint.equals(that.fingerprint)
        && state == that.state
        && revokedAt.equals(that.revokedAt)
        && revocationReason.equals(that.revocationReason);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }
}
