// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class X509FuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  @FuzzTest
  void parses_request(byte[] der) {
    try {
      CertificateRequest request = CertificateRequest.parse(der);
      request.keyHash();
      request.hasProofOfPossession();
      request.claimedNames();
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  /** The certificate as leaf, and as its own anchor, so that every rule gets to see it. */
  @FuzzTest
  void verifies_certificate(byte[] der) {
    X509Certificate certificate;
    try {
      certificate = Certificates.parse(der);
    } catch (MalformedException e) {
      return;
    }
    for (Purpose purpose : List.of(new Purpose.TlsClient(), new Purpose.TlsServer("a.example"))) {
      try {
        ChainVerifier.trusting(List.of(certificate)).verify(List.of(certificate), purpose, NOW);
      } catch (ChainRefusedException e) {
        // The only other answer.
      }
      try {
        EndEntityRules.check(certificate, purpose);
        PathRules.check(List.of(certificate), certificate, purpose);
      } catch (ChainRefusedException e) {
        // The only other answer.
      }
    }
  }

  @FuzzTest
  void parses_pem(byte[] text) {
    try {
      Certificates.parsePem(new String(text, ISO_8859_1));
    } catch (MalformedException e) {
      // The only other answer.
    }
  }
}
