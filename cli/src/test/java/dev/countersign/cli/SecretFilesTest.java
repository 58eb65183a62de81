// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.countersign.cli.remote.Json;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SecretFilesTest {
  @TempDir Path directory;
  private TestInstallation installation;
  private Path list;
  private Path tokens;

  @BeforeEach
  void install() throws Exception {
    installation = new TestInstallation(directory);
    list = Files.writeString(directory.resolve("list.csv"), "serial\nSN-1\nSN-2\n");
    tokens = directory.resolve("tokens.csv");
  }

  @Test
  @DisplayName("the tokens' file is there and closed to others before the request is made")
  void makes_tokens_file_first() throws Exception {
    var privateAtRequest = new AtomicBoolean();
    try (var server =
        installation.serve(exchange -> {
          privateAtRequest.set(installation.permissions(tokens).equals("rw-------"));
          ndjson(
              exchange,
              """
              {"checked":2,"of":2}
              {"serial":"SN-1","enrolmentToken":"cst1.a.b"}
              {"serial":"SN-2","enrolmentToken":"cst1.a.c"}
              {"imported":2}
              """);
        })) {
      var outcome =
          installation.run(
              server, "device", "import", list.toString(), "--tokens-out", tokens.toString());
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(outcome.out()).contains("2 devices imported").doesNotContain("cst1");
    }
    assertThat(privateAtRequest).isTrue();
    assertThat(tokens).hasContent("serial,enrolmentToken\nSN-1,cst1.a.b\nSN-2,cst1.a.c\n");
    assertThat(installation.permissions(tokens)).isEqualTo("rw-------");
  }

  @Test
  @DisplayName("a refused import leaves no tokens' file, and names every line")
  void removes_tokens_file_if_refused() throws Exception {
    try (var server =
        installation.serve(exchange ->
            ndjson(
                exchange,
                """
                {"checked":2,"of":2}
                {"refused":[{"line":2,"field":"serial","reason":"exists"},\
                {"line":3,"field":"model","reason":"too long"}]}
                """))) {
      var outcome =
          installation.run(
              server, "device", "import", list.toString(), "--tokens-out", tokens.toString());
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("line 2, serial: exists")
          .contains("line 3, model: too long")
          .contains("nothing was imported: 2 problems");
    }
    assertThat(tokens).doesNotExist();
  }

  @Test
  @DisplayName("an import whose answer ends early keeps the tokens that came")
  void keeps_tokens_of_a_broken_answer() throws Exception {
    try (var server =
        installation.serve(exchange ->
            ndjson(exchange, "{\"serial\":\"SN-1\",\"enrolmentToken\":\"cst1.a.b\"}"))) {
      var outcome =
          installation.run(
              server, "device", "import", list.toString(), "--tokens-out", tokens.toString());
      assertThat(outcome.exitCode()).isEqualTo(3);
      assertThat(outcome.err()).contains("ended early");
    }
    assertThat(tokens).hasContent("serial,enrolmentToken\nSN-1,cst1.a.b\n");
  }

  @Test
  @DisplayName("who watches an import sees how far it is; a script does not")
  void shows_progress_on_a_terminal() throws Exception {
    try (var server =
        installation.serve(exchange ->
            ndjson(
                exchange,
                "{\"checked\":1,\"of\":2}\n{\"checked\":2,\"of\":2}\n{\"imported\":2}"))) {
      installation.interactive = true;
      assertThat(installation.run(server, "device", "import", list.toString()).err())
          .contains("checking")
          .contains("2/2");
      installation.interactive = false;
      assertThat(installation.run(server, "device", "import", list.toString()).err()).isEmpty();
    }
  }

  @Test
  @DisplayName("a file that is there is not written over, and nothing is asked of the server")
  void spares_existing_file() throws Exception {
    Files.writeString(tokens, "old");
    var asked = new AtomicBoolean();
    try (var server = installation.serve(exchange -> asked.set(true))) {
      var outcome =
          installation.run(
              server, "device", "import", list.toString(), "--tokens-out", tokens.toString());
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err()).contains("exists already");
    }
    assertThat(asked).isFalse();
    assertThat(tokens).hasContent("old");
  }

  @Test
  @DisplayName("operator add makes an identity that works, and sends no private key")
  void adds_operator() throws Exception {
    Path bob = directory.resolve("bob.pem");
    var sent = new AtomicReference<>("");
    try (var server =
        installation.serve(exchange -> {
          if (exchange.getRequestMethod().equals("POST")) {
            sent.set(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            certify(exchange, sent.get());
          } else {
            FakeOperatorServer.answer(exchange, 200, "application/json", "{\"a\":1}");
          }
        })) {
      var added = installation.run(server, "operator", "add", "bob", "--out", bob.toString());
      assertThat(added.exitCode()).as(added.err()).isZero();
      assertThat(added.out()).contains("operator bob added").contains(bob.toString());
      assertThat(installation.permissions(bob)).isEqualTo("rw-------");
      assertThat(sent.get()).contains("\"name\":\"bob\"").doesNotContain("PRIVATE");
      var used = installation.run("status", "--server", server.url(), "--identity", bob.toString());
      assertThat(used.exitCode()).as(used.err()).isZero();
    }
  }

  private void certify(HttpExchange exchange, String request) throws IOException {
    try {
      String csr = JsonMapper.shared().readTree(request).path("csr").asString();
      var key = CertificateRequest.parse(Base64.getDecoder().decode(csr)).publicKey();
      var certificate = installation.operators.operator(key, "bob", Duration.ofDays(365));
      FakeOperatorServer.answer(
          exchange,
          201,
          "application/json",
          Json.object()
              .put("name", "bob")
              .put("certificate", Certificates.toPem(certificate))
              .put("authority", Certificates.toPem(installation.operators.certificate))
              .put("expiresAt", "2027-11-21T22:00:00Z")
              .toString());
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void ndjson(HttpExchange exchange, String lines) throws IOException {
    exchange.getRequestBody().readAllBytes();
    FakeOperatorServer.answer(exchange, 200, "application/x-ndjson", lines);
  }
}
