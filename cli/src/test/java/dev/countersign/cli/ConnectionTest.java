// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionTest {
  private static final HttpHandler STATUS =
      exchange -> FakeOperatorServer.answer(exchange, 200, "application/json", "{}");

  @TempDir Path directory;
  private TestInstallation installation;

  @BeforeEach
  void install() throws Exception {
    installation = new TestInstallation(directory);
  }

  @Test
  @DisplayName("nobody at the server's address is exit code 3")
  void reports_nobody_there() throws Exception {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var outcome =
        installation.run(
            "status",
            "--server",
            "https://localhost:" + port,
            "--identity",
            installation.identity.toString());
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.err()).contains("connection refused").contains("countersign serve");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  @DisplayName("a server below another root is not the one that was meant, and learns nothing")
  void refuses_foreign_root() throws Exception {
    var foreign = new TestAuthority("Test Root", installation.now);
    var tls = foreign.serverTls("localhost", installation.operators);
    try (var server = new FakeOperatorServer(tls, STATUS)) {
      var outcome = installation.run(server, "status");
      assertThat(outcome.exitCode()).isEqualTo(3);
      assertThat(outcome.err()).contains("does not come from the root");
    }
  }

  @Test
  @DisplayName("a genuine certificate for another name is refused")
  void refuses_other_host_name() throws Exception {
    var tls = installation.root.serverTls("elsewhere.example", installation.operators);
    try (var server = new FakeOperatorServer(tls, STATUS)) {
      var outcome = installation.run(server, "status");
      assertThat(outcome.exitCode()).isEqualTo(3);
      assertThat(outcome.err()).contains("not for the name localhost");
    }
  }

  // Again and again, because the alert races with the reset of the connection.
  @RepeatedTest(20)
  @DisplayName("a server that does not know this operator is exit code 1")
  void reports_refused_identity() throws Exception {
    var others = new TestAuthority("Other Operators", installation.now);
    var tls = installation.root.serverTls("localhost", others);
    try (var server = new FakeOperatorServer(tls, STATUS)) {
      var outcome = installation.run(server, "status");
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err()).contains("refused this operator identity");
    }
  }

  @Test
  @DisplayName("an answer that breaks off is not taken for a whole one")
  void notices_a_broken_answer() throws Exception {
    HttpHandler breaking =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("{\"number\":1}\n".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          throw new IOException("the process was killed");
        };
    try (var server = installation.serve(breaking)) {
      var outcome = installation.run(server, "audit", "export");
      assertThat(outcome.exitCode()).isEqualTo(3);
      assertThat(outcome.err()).contains("the connection broke");
    }
  }

  @Test
  @DisplayName("an expired identity is named before anything is sent; one that soon ends warns")
  void tells_of_the_identity_s_end() throws Exception {
    Path expired = installation.writeIdentity("expired.pem", Duration.ofDays(-1));
    Path soon = installation.writeIdentity("soon.pem", Duration.ofDays(3));
    try (var server = installation.serve(STATUS)) {
      var refused =
          installation.run("status", "--server", server.url(), "--identity", expired.toString());
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err()).contains("expired at").contains("operator add");
      var warned =
          installation.run("status", "--server", server.url(), "--identity", soon.toString());
      assertThat(warned.exitCode()).isZero();
      assertThat(warned.err()).startsWith("! ").contains("expires at");
    }
  }

  @Test
  @DisplayName("an identity file that others may read is warned about")
  void warns_about_open_identity() throws Exception {
    Files.setPosixFilePermissions(
        installation.identity, PosixFilePermissions.fromString("rw-r--r--"));
    try (var server = installation.serve(STATUS)) {
      var outcome = installation.run(server, "status", "--json");
      assertThat(outcome.err()).contains("chmod 600");
      assertThat(outcome.out()).isEqualTo("{}\n");
    }
  }

  @Test
  @DisplayName("an identity whose operator CA is another one is refused without a stack trace")
  void refuses_identity_of_another_authority() throws Exception {
    String own = Certificates.toPem(installation.operators.certificate);
    String other = Certificates.toPem(installation.root.certificate);
    Files.writeString(
        installation.identity, Files.readString(installation.identity).replace(own, other));
    var outcome = installation.run("status", "--identity", installation.identity.toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("did not issue the first").hasLineCount(2);
  }

  @Test
  @DisplayName("the identity's half that belongs to another key is refused")
  void refuses_mixed_identity() throws Exception {
    String one = Files.readString(installation.identity);
    String other = Files.readString(installation.writeIdentity("other.pem", Duration.ofDays(100)));
    Files.writeString(
        installation.identity,
        one.substring(0, one.indexOf("-----BEGIN CERT"))
            + other.substring(other.indexOf("-----BEGIN CERT")));
    var outcome = installation.run("status", "--identity", installation.identity.toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("for another key").doesNotContain("PRIVATE KEY--");
  }
}
