// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.x509.Certificates;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Issues certificates to the phones of one hub; no other hub and no server trusts it. Its key is
 * made on the hub, and made anew with each reset.
 */
public final class PhoneAuthority {
  private final SigningKey key;
  private final CertificateAuthority authority;

  private PhoneAuthority(SigningKey key, CertificateAuthority authority) {
    this.key = key;
    this.authority = authority;
  }

  /** A new one. */
  static PhoneAuthority create(HubId hub, Instant at, SecureRandom random) {
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    return new PhoneAuthority(
        key, CertificateAuthority.createPhoneRoot(hub.toString(), key, at, random));
  }

  /**
   * Reads what {@link #toPem} wrote.
   *
   * @throws KeyFileException if it is something else, or key and certificate do not belong together
   */
  static PhoneAuthority parsePem(String pem, SecureRandom random) throws KeyFileException {
    try {
      List<X509Certificate> certificates = Certificates.parsePem(pem);
      if (certificates.size() != 1) {
        throw new KeyFileException("phone authority: expected one certificate");
      }
      SigningKey key = SigningKey.parsePem(pem);
      return new PhoneAuthority(
          key, new CertificateAuthority(certificates.getFirst(), key, random));
    } catch (MalformedException e) {
      throw new KeyFileException("phone authority: " + e.getMessage());
    }
  }

  /** With its private key: for the hub's own file alone. */
  String toPem() {
    return key.toPem() + Certificates.toPem(authority.certificate());
  }

  /** Certifies a phone's key under the name its owner gave it. */
  public X509Certificate issue(VerifiedRequest request, String name, Instant at) {
    return authority.issuePhone(request, name, at);
  }

  /** What phones are certified by. */
  public X509Certificate certificate() {
    return authority.certificate();
  }

  @Override
  public String toString() {
    return "PhoneAuthority[key hidden]";
  }
}
