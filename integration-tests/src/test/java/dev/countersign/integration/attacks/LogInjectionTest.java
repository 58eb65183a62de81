// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("The log of a server under hostile peers")
class LogInjectionTest {
  private static final String FORGED =
      "2026-11-21T00:00:00.000Z INFO  d.c.s.Server outcome=accepted";
  private static final List<String> HOSTILE =
      List.of(
          "x\n" + FORGED,
          "x\r\n" + FORGED,
          "x\" outcome=accepted detail=\"",
          "x\u001b[2J\u001b]0;owned\u0007",
          "x\u2028" + FORGED,
          "x\u202e" + FORGED,
          "x\u0085" + FORGED);
  private static final List<String> HOSTILE_PATHS =
      List.of(
          "/v1/%0a" + FORGED.replace(" ", "%20"),
          "/v1/\"outcome=accepted",
          "/v1/x?secret=in-the-query",
          "/v1/\u00e9\u0085");

  @TempDir private Path scratch;

  private static void attack(ServerProcess server) throws Exception {
    byte[] csr = TestDevice.csr(TestDevice.newKeys());
    for (String serial : HOSTILE) {
      TestDevice.simpleEnrol(server, serial, "cst1.x.y", csr).expect(401);
    }
    for (String path : HOSTILE_PATHS) {
      tryPath(server, path);
    }
    try (HttpsConnection connection = server.connect()) {
      connection.get(
          "/v1/settings",
          "User-Agent: x\u001b[2J",
          "Authorization: Basic "
              + Base64.getEncoder().encodeToString("a\nb:c\nd".getBytes(UTF_8)));
    }
  }

  /** Some of them are not HTTP; what counts is what is written about them. */
  private static void tryPath(ServerProcess server, String path) {
    try (HttpsConnection connection = server.operator().connect()) {
      connection.get(path);
    } catch (IOException e) {
      return; // hung up on
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    try (HttpsConnection connection = server.connect()) {
      connection.get(path);
    } catch (IOException e) {
      return;
    }
  }

  private static Stream<String> refusals(ServerProcess server) throws IOException {
    return server.errors().lines().filter(line -> line.contains("unknown-serial"));
  }

  @Test
  @DisplayName("each refusal is one line that nobody but the server wrote, without a query")
  void stays_in_line() throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch)) {
      attack(server);
      await().until(() -> refusals(server).findAny().isPresent());
      assertThat(server.errors().lines())
          .allSatisfy(line -> assertThat(line).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z [A-Z]+ +.*"))
          .allSatisfy(line -> assertThat(line).matches("[ -~]*"))
          .noneSatisfy(line -> assertThat(line).startsWith(FORGED))
          .noneSatisfy(line -> assertThat(line).contains("in-the-query"));
      // Outside of quotation marks there is no key that came from a peer.
      assertThat(server.errors().replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\""))
          .doesNotContain("outcome=accepted");
    }
  }

  @Test
  @DisplayName("as JSON too, with the peer's words where they belong")
  void stays_in_json() throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch, "log:\n  format: json\n")) {
      attack(server);
      await().until(() -> refusals(server).findAny().isPresent());
      var json = new JsonMapper();
      assertThat(server.errors().lines().map(json::readTree))
          .allSatisfy(line -> assertThat(line.isObject()).isTrue())
          .extracting(line -> line.path("fields").path("outcome").asString(""))
          .doesNotContain("accepted");
      JsonNode refusal = refusals(server).map(json::readTree).findFirst().orElseThrow();
      assertThat(refusal.path("fields").path("listener").asString()).isEqualTo("device-https");
      assertThat(refusal.path("fields").path("step").asString()).isEqualTo("enrolment");
    }
  }

  @Test
  @DisplayName("what is below the level that was set is not written")
  void keeps_to_the_level() throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch, "log:\n  level: error\n")) {
      try (HttpsConnection connection = server.connect()) {
        connection.get("/v1/settings").expect(401);
      }
      assertThat(server.terminate()).isZero();
      assertThat(server.errors()).isEmpty();
    }
  }
}
