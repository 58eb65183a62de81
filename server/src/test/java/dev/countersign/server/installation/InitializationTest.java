// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.protocol.x509.Purpose;
import dev.countersign.server.MutableClock;
import dev.countersign.server.tls.ServerCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An installation is made whole or not at all, and opened only if it is sound")
final class InitializationTest {
  private static final char[] PASSPHRASE = "a long enough passphrase".toCharArray();
  private static final List<String> HOSTNAMES = List.of("gateway.example", "192.0.2.7");

  @TempDir private Path temporary;
  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-21T12:00:00Z"));
  private final SecureRandom random = new SecureRandom();
  private Path target;

  @BeforeEach
  void place() {
    target = temporary.resolve("data");
  }

  private Initialization.Result init() throws IOException {
    var request = new Initialization.Request("Test", HOSTNAMES, "hub.test.invalid");
    return new Initialization(request, clock, random).run(target, PASSPHRASE);
  }

  private Installation open() throws IOException {
    return Installation.open(new DataDirectory(target), HOSTNAMES, random);
  }

  @Test
  @DisplayName("the server's chain verifies for each of its names, and for no other")
  void server_chain_verifies() throws Exception {
    init();
    Installation installation = open();
    ServerCredential credential = installation.serverCertificate().load();
    var verifier = ChainVerifier.trusting(List.of(installation.authorities().root()));

    for (String name : List.of("localhost", "127.0.0.1", "::1", "gateway.example", "192.0.2.7")) {
      assertThat(verifier.verify(credential.chain(), new Purpose.TlsServer(name), clock.instant()))
          .isNotNull();
    }
    assertThatThrownBy(() ->
            verifier.verify(
                credential.chain(), new Purpose.TlsServer("other.example"), clock.instant()))
        .hasMessageContaining("other.example");
  }

  @Test
  @DisplayName("keys are the owner's alone, and the root's is encrypted")
  void keys_are_private() throws Exception {
    init();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("keys"))))
        .isEqualTo("rwx------");
    try (Stream<Path> keys = Files.list(target.resolve("keys"))) {
      assertThat(keys)
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
    String rootKey = Files.readString(target.resolve("offline/root.key"));
    assertThat(SigningKey.parseEncryptedPem(rootKey, PASSPHRASE)).isNotNull();
    assertThatThrownBy(() -> SigningKey.parseEncryptedPem(rootKey, "wrong".toCharArray()))
        .isInstanceOf(KeyFileException.class);
    assertThatThrownBy(() -> SigningKey.parsePem(rootKey)).isInstanceOf(KeyFileException.class);
  }

  @Test
  @DisplayName("what is there is never overwritten, and a failure leaves nothing behind")
  void nothing_is_overwritten() throws Exception {
    Files.createDirectories(target);
    Files.writeString(target.resolve("precious"), "x");
    assertThatThrownBy(this::init)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not empty");

    Files.delete(target.resolve("precious"));
    var bad = new Initialization.Request("Test", List.of("not a name"), "hub.test.invalid");
    assertThatThrownBy(() -> new Initialization(bad, clock, random).run(target, PASSPHRASE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("hostnames");
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).containsExactly(target);
    }
    assertThat(init().directory().path()).isEqualTo(target);
  }

  @Test
  @DisplayName("a directory of a newer program, an open one and a foreign one are refused")
  void refuses_unsound_directories() throws Exception {
    assertThatThrownBy(this::open).hasMessageContaining("countersign init");
    init();
    Path key = target.resolve("keys/device-ca.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::open).hasMessageContaining("open to others");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertThat(open()).isNotNull();

    Files.writeString(target.resolve("layout"), "2\n");
    assertThatThrownBy(this::open).hasMessageContaining("newer");
  }

  @Test
  @DisplayName("the server certificate is renewed after two thirds of its life, with a new key")
  void renews_the_server_certificate() throws Exception {
    init();
    ServerCertificate certificate = open().serverCertificate();
    ServerCredential first = certificate.load();

    assertThat(ServerCertificate.isDue(first, clock.instant().plus(Duration.ofDays(59)))).isFalse();
    assertThat(ServerCertificate.isDue(first, clock.instant().plus(Duration.ofDays(61)))).isTrue();
    ServerCredential second = certificate.issue(clock.instant());
    certificate.store(second);

    assertThat(second.leaf().getPublicKey()).isNotEqualTo(first.leaf().getPublicKey());
    assertThat(certificate.load().leaf()).isEqualTo(second.leaf());
  }
}
