// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An identity in files")
class FileIdentityStorageTest {
  private static final Instant BEGIN = Instant.parse("2026-12-01T00:00:00Z");

  @TempDir private Path directory = Path.of("");

  private FileIdentityStorage open() throws IOException {
    return new FileIdentityStorage(directory);
  }

  private static DeviceIdentity identity(KeyPair keys) throws Exception {
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=Test"),
            BigInteger.ONE,
            Date.from(BEGIN),
            Date.from(BEGIN.plusSeconds(3600)),
            new X500Name("CN=Test"),
            keys.getPublic());
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    return new DeviceIdentity(
        new DeviceSerial("SN-1"), keys.getPrivate(), certificate, certificate);
  }

  @Test
  @DisplayName("the key of a request is the same until it has its certificate, also over restarts")
  void keeps_the_key_of_a_request() throws Exception {
    KeyPair first = open().requestKey();
    KeyPair again = open().requestKey();
    assertThat(again.getPublic()).isEqualTo(first.getPublic());
    assertThat(again.getPrivate()).isEqualTo(first.getPrivate());

    open().store(identity(first));
    assertThat(open().requestKey().getPublic()).isNotEqualTo(first.getPublic());
  }

  @Test
  @DisplayName("a key that has its certificate is no request, if the power failed just then")
  void knows_an_answered_request() throws Exception {
    KeyPair first = open().requestKey();
    byte[] request = Files.readAllBytes(directory.resolve("request.pem"));
    open().store(identity(first));
    Files.write(directory.resolve("request.pem"), request);
    assertThat(open().requestKey().getPublic()).isNotEqualTo(first.getPublic());
  }

  @Test
  @DisplayName("a key that the server will not certify is given up")
  void discards_a_key() throws Exception {
    KeyPair first = open().requestKey();
    open().discardRequestKey();
    assertThat(open().requestKey().getPublic()).isNotEqualTo(first.getPublic());
  }

  @Test
  @DisplayName("comes back as it was stored")
  void loads_what_was_stored() throws Exception {
    assertThat(open().load()).isEmpty();
    DeviceIdentity stored = identity(open().requestKey());
    open().store(stored);
    DeviceIdentity loaded = open().load().orElseThrow();
    assertThat(loaded.serial()).isEqualTo(stored.serial());
    assertThat(loaded.privateKey()).isEqualTo(stored.privateKey());
    assertThat(loaded.certificate()).isEqualTo(stored.certificate());
    assertThat(loaded.root()).isEqualTo(stored.root());

    Files.writeString(directory.resolve("identity.pem"), "serial: SN-1\n");
    assertThatThrownBy(() -> open().load())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected");
  }

  @Test
  @DisplayName("knows the token that was spent last, by its hash")
  void knows_a_spent_token() throws Exception {
    Sha256 token = Sha256.of(new byte[] {1});
    assertThat(open().isTokenSpent(token)).isFalse();
    open().tokenSpent(token);
    assertThat(open().isTokenSpent(token)).isTrue();
    assertThat(open().isTokenSpent(Sha256.of(new byte[] {2}))).isFalse();
  }
}
