// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.est;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Openssl;
import dev.countersign.protocol.x509.Certificates;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Messages of EST (RFC 7030 §4, RFC 8951)")
final class EstMessagesTest {
  @TempDir private Path directory;

  private static List<X509Certificate> certificates(Openssl openssl) throws Exception {
    var made = new ArrayList<X509Certificate>();
    for (String name : List.of("one", "two", "three")) {
      openssl.run(
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:P-256",
          "-nodes",
          "-keyout",
          "key.pem",
          "-subj",
          "/CN=" + name,
          "-days",
          "10",
          "-out",
          "cert.pem");
      made.addAll(Certificates.parsePem(new String(openssl.read("cert.pem"), US_ASCII)));
    }
    return made;
  }

  @Test
  @DisplayName("openssl reads the certificates of a certs-only message (§4.1.3)")
  void openssl_reads_certs_only() throws Exception {
    Openssl openssl = Openssl.in(directory);
    List<X509Certificate> certificates = certificates(openssl);
    openssl.write("certs.p7", CertsOnly.encode(certificates));
    String printed = openssl.run("pkcs7", "-inform", "DER", "-in", "certs.p7", "-print_certs");
    assertThat(Certificates.parsePem(printed)).containsExactlyInAnyOrderElementsOf(certificates);
  }

  @Test
  @DisplayName("a certs-only message by openssl is read, and so is our own")
  void reads_certs_only() throws Exception {
    Openssl openssl = Openssl.in(directory);
    List<X509Certificate> certificates = certificates(openssl);
    assertThat(CertsOnly.decode(CertsOnly.encode(certificates)))
        .containsExactlyInAnyOrderElementsOf(certificates);

    openssl.run(
        "crl2pkcs7", "-nocrl", "-certfile", "cert.pem", "-outform", "DER", "-out", "one.p7");
    assertThat(CertsOnly.decode(openssl.read("one.p7"))).containsExactly(certificates.get(2));
  }

  @Test
  @DisplayName("no certificate, too many, too much or nonsense is no certs-only message")
  void refuses_other_messages() throws Exception {
    byte[] indefinite = new byte[200_000];
    for (int i = 0; i < indefinite.length; i += 2) {
      indefinite[i] = 0x30;
      indefinite[i + 1] = (byte) 0x80;
    }
    for (byte[] wrong :
        List.of(
            new byte[0],
            new byte[] {0x30, 0},
            "nonsense".getBytes(US_ASCII),
            CertsOnly.encode(List.of()),
            indefinite,
            new byte[1 << 20])) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> CertsOnly.decode(wrong));
    }
  }

  @Test
  @DisplayName("openssl reads the CSR attributes: a P-256 key, ECDSA with SHA-256 (§4.5.2)")
  void openssl_reads_csr_attributes() throws Exception {
    Openssl openssl = Openssl.in(directory).write("attrs.der", CsrAttributes.encode());
    assertThat(openssl.run("asn1parse", "-inform", "DER", "-in", "attrs.der"))
        .contains(":id-ecPublicKey", ":prime256v1", ":ecdsa-with-SHA256");
  }

  @Test
  @DisplayName("bodies are Base64 in lines, as openssl base64 writes and reads them")
  void writes_base64() throws Exception {
    byte[] content = new byte[500];
    content[3] = -1;
    byte[] body = EstBody.encode(content);
    assertThat(EstBody.decode(body)).isEqualTo(content);
    Openssl openssl = Openssl.in(directory).write("body", body).write("content", content);
    openssl.run("base64", "-d", "-in", "body", "-out", "decoded");
    assertThat(openssl.read("decoded")).isEqualTo(content);
    openssl.run("base64", "-in", "content", "-out", "encoded");
    assertThat(EstBody.decode(openssl.read("encoded"))).isEqualTo(content);
  }

  @Test
  @DisplayName("white space anywhere, or none at all (RFC 8951 §3.1)")
  void passes_over_white_space() throws Exception {
    assertThat(EstBody.decode("A Q\tI\r\nD\n".getBytes(US_ASCII))).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \r\n",
        "=",
        "AQID=",
        "A",
        "AQ-_",
        "AQI\u0000",
        "AQ\u00e9D",
        "-----BEGIN CERTIFICATE REQUEST-----\nAQID\n-----END CERTIFICATE REQUEST-----\n"
      })
  @DisplayName("anything else is malformed")
  void refuses_other_bodies(String body) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> EstBody.decode(body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
