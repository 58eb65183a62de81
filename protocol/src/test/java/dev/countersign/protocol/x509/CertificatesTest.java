// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Openssl;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Certificates as bytes and as PEM")
final class CertificatesTest {
  @TempDir private Path directory;
  private final X509Certificate certificate =
      TestCertificate.authority("Root").selfSigned().certificate();

  @Test
  @DisplayName("openssl reads the PEM and names the same fingerprint")
  void openssl_reads_pem() throws Exception {
    Openssl openssl =
        Openssl.in(directory).write("c.pem", Certificates.toPem(certificate).getBytes(US_ASCII));
    assertThat(openssl.run("x509", "-in", "c.pem", "-noout", "-fingerprint", "-sha256"))
        .containsIgnoringCase(
            Certificates.fingerprint(certificate).hex().replaceAll("(..)(?=.)", "$1:"));
  }

  @Test
  @DisplayName("every certificate of a PEM text, in order, between whatever else is there")
  void reads_pem_text() throws Exception {
    X509Certificate other = TestCertificate.authority("Other").selfSigned().certificate();
    String text =
        "subject=x\n"
            + Certificates.toPem(other)
            + "key\r\n"
            + Certificates.toPem(certificate).replace("\n", "\r\n");
    assertThat(Certificates.parsePem(text)).containsExactly(other, certificate);
    assertThat(Certificates.parsePem("nothing")).isEmpty();
  }

  @Test
  @DisplayName("anything but one certificate in DER is malformed")
  void refuses_other_bytes() {
    byte[] der = Certificates.der(certificate);
    for (byte[] wrong :
        List.of(
            new byte[0],
            new byte[] {0x30, 0},
            "nonsense".getBytes(US_ASCII),
            Certificates.toPem(certificate).getBytes(US_ASCII),
            Arrays.copyOf(der, der.length - 1),
            Arrays.copyOf(der, der.length + 1),
            new byte[Certificates.MAX_BYTES + 1])) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> Certificates.parse(wrong));
    }
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() ->
            Certificates.parsePem("-----BEGIN CERTIFICATE-----\nA=A\n-----END CERTIFICATE-----"));
  }
}
