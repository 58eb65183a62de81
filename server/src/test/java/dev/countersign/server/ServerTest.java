// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Initialization;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.JdbcCertificateLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server keeps its own certificate fresh, and every one it shows is in the ledger")
final class ServerTest {
  @TempDir private Path temporary;
  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-21T12:00:00Z"));
  private DataDirectory directory;

  @BeforeEach
  void init() throws Exception {
    var request = new Initialization.Request("Test", List.of(), "hub.test.invalid");
    directory =
        new Initialization(request, clock, new SecureRandom())
            .run(temporary.resolve("data"), "a long enough passphrase".toCharArray())
            .directory();
  }

  private Server start(String provider) throws Exception {
    ServerConfig config = ConfigFile.parse("tls: {provider: " + provider + "}");
    return Server.start(
        directory,
        config.withListeners(new ServerConfig.Listeners("127.0.0.1", 0, 0, 0, 0)),
        clock);
  }

  /** What a new connection is shown. */
  private static X509Certificate shown(Server server) throws Exception {
    try (SSLSocket socket = connect(server)) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static SSLSocket connect(Server server) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {new Onlooker()}, null);
    int port = server.listeners().getFirst().port();
    var socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
    socket.startHandshake();
    return socket;
  }

  private CertificateState stateOf(X509Certificate certificate) {
    try (var database = SqliteDatabase.open(directory.registry())) {
      return database.read(tx ->
          new JdbcCertificateLedger()
              .find(tx, Certificates.fingerprint(certificate))
              .orElseThrow()
              .state());
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"jdk", "auto"})
  @DisplayName("renews after two thirds of its life, under open connections, on either provider")
  void renews_while_it_runs(String provider) throws Exception {
    X509Certificate first;
    X509Certificate second;
    try (Server server = start(provider);
        SSLSocket open = connect(server)) {
      first = shown(server);
      clock.advance(Duration.ofDays(59));
      server.renewServerCertificate();
      assertThat(shown(server)).isEqualTo(first);

      clock.advance(Duration.ofDays(2));
      server.renewServerCertificate();
      second = shown(server);
      assertThat(second.getPublicKey()).isNotEqualTo(first.getPublicKey());

      open.getOutputStream()
          .write("GET /v1/settings HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(open.getInputStream().readNBytes(12), US_ASCII))
          .isEqualTo("HTTP/1.1 401");
    }
    assertThat(stateOf(first)).isEqualTo(CertificateState.RETIRED);
    assertThat(stateOf(second)).isEqualTo(CertificateState.ACTIVE);
    try (Server again = start(provider)) {
      assertThat(shown(again)).isEqualTo(second);
    }
  }

  @Test
  @DisplayName("a certificate that was lost is made anew, and entered like any other")
  void remakes_what_was_lost() throws Exception {
    Files.delete(directory.keys().resolve("server.pem"));

    X509Certificate fresh;
    try (Server server = start("auto")) {
      fresh = shown(server);
    }

    assertThat(stateOf(fresh)).isEqualTo(CertificateState.ACTIVE);
  }

  @Test
  @DisplayName("where a new certificate cannot be stored, the old one stays, and it is tried again")
  void keeps_the_old_one_while_the_disk_takes_no_new() throws Exception {
    X509Certificate first;
    Path obstacle = directory.keys().resolve("server.pem.new");
    try (Server server = start("auto")) {
      first = shown(server);
      clock.advance(Duration.ofDays(61));
      Files.createDirectory(
          obstacle,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.createFile(obstacle.resolve("file"));

      assertThatThrownBy(server::renewServerCertificate).isInstanceOf(IOException.class);
      assertThat(shown(server)).isEqualTo(first);
    }
    try (Server again = start("auto")) {
      assertThat(shown(again)).as("due, and still good").isEqualTo(first);

      Files.delete(obstacle.resolve("file"));
      again.renewServerCertificate();
      assertThat(shown(again)).isNotEqualTo(first);
    }
  }
}
