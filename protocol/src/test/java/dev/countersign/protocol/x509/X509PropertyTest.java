// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Seeds;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("Any bytes of a certificate or a request")
class X509PropertyTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final String FOLDER = "x509/X509FuzzTestInputs/";

  private final TestCertificate root = TestCertificate.authority("Root").selfSigned();
  private final TestCertificate leaf =
      TestCertificate.server(TestCertificate.dns("gateway.example")).issuedBy(root);
  private final ChainVerifier verifier = ChainVerifier.trusting(List.of(root.certificate()));

  @Provide
  Arbitrary<byte[]> nearlyCertificate() {
    return Inputs.nearly(
        Certificates.der(leaf.certificate()), Certificates.der(root.certificate()));
  }

  @Provide
  Arbitrary<byte[]> nearlyRequest() throws IOException {
    return Inputs.nearly(
        Seeds.read(FOLDER + "parses_request/ec.der"),
        Seeds.read(FOLDER + "parses_request/rsa.der"));
  }

  @Property
  @Label("a changed certificate is malformed or refused, whatever was changed")
  void refuses_changed_certificate(@ForAll("nearlyCertificate") byte[] der) {
    try {
      var certificate = Certificates.parse(der);
      verifier.verify(List.of(certificate), new Purpose.TlsServer("gateway.example"), NOW);
      assertThat(der).isEqualTo(Certificates.der(leaf.certificate()));
    } catch (MalformedException | ChainRefusedException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @Property
  @Label("a changed request is malformed, or has a name, a key and a proof or none")
  void judges_changed_request(@ForAll("nearlyRequest") byte[] der) {
    try {
      CertificateRequest request = CertificateRequest.parse(der);
      assertThat(request.keyHash()).isNotNull();
      assertThat(request.hasProofOfPossession()).isIn(true, false);
      assertThat(request.claimedNames()).isNotNull();
    } catch (MalformedException e) {
      assertThat(e.field()).startsWith("csr");
    }
  }

  @Property
  @Label("bytes are a certificate, a request or malformed")
  void judges_any_bytes(@ForAll byte[] bytes) {
    try {
      assertThat(Certificates.parse(bytes)).isNotNull();
    } catch (MalformedException e) {
      assertThat(e.field()).isEqualTo("certificate");
    }
    try {
      assertThat(CertificateRequest.parse(bytes)).isNotNull();
    } catch (MalformedException e) {
      assertThat(e.field()).isEqualTo("csr");
    }
  }
}
