// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.attacks.HubRoutes.Asked;
import dev.countersign.integration.hub.Household;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.integration.hub.TestPhone.Reply;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whatever is said to a hub, it answers as it should, and changes nothing")
class HostileHubInputTest {
  @TempDir private Path scratch;

  private Household house;

  @BeforeEach
  void start() throws Exception {
    house = Household.start(scratch);
    house.add("Uma", Role.USER);
  }

  @AfterEach
  void stop() throws Exception {
    house.close();
  }

  private static List<byte[]> bodies() {
    var bodies = new ArrayList<byte[]>();
    for (String text :
        List.of(
            "",
            "null",
            "true",
            "[]",
            "\"lock\"",
            "0",
            "{",
            "}",
            "{}{}",
            "{\"a\":1} x",
            "{'lock':'unlocked'}",
            "{\"lock\":{\"lock\":\"unlocked\"}}",
            "{\"lock\":[\"unlocked\"]}",
            "{\"lock\":null}",
            "{\"lock\":NaN}",
            "{\"lock\":1e999999999}",
            "{\"lock\":-1e-999999999}",
            "{\"lock\":" + "9".repeat(9000) + "}",
            "{\"ring\":" + "9".repeat(9000) + "}",
            "{\"ring\":1e999999999}",
            "{\"role\":\"OWNER\"}",
            "{\"role\":7}",
            "{\"role\":\"guest\",\"expires\":\"tomorrow\"}",
            "{\"role\":\"user\",\"expires\":\"2090-01-01T00:00:00Z\"}",
            "{\"time\":\"\"}",
            "{\"time\":5}",
            "{\"to\":{}}",
            "{\"to\":\"../../etc/passwd\"}",
            "{\"name\":7}",
            "{\"unknown\":1}",
            "{\"lock\":\"unlocked\",\"lock\":\"unlocked\",\"ring\":1}",
            "[".repeat(16_000),
            "{\"a\":".repeat(3000),
            "\u0000\u0000",
            "{\"\u0000\":1}")) {
      bodies.add(text.getBytes(UTF_8));
    }
    bodies.add(new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0, '}', 0});
    bodies.add(new byte[] {(byte) 0xc0, (byte) 0x80});
    bodies.add(new byte[] {(byte) 0x9f, (byte) 0x9f, (byte) 0x9f});
    bodies.add(new byte[] {(byte) 0x9b, 0x7f, -1, -1, -1, -1, -1, -1, -1});
    var random = new Random(11);
    for (int i = 0; i < 10; i++) {
      byte[] noise = new byte[random.nextInt(2000)];
      random.nextBytes(noise);
      bodies.add(noise);
    }
    return bodies;
  }

  @Test
  @DisplayName("every body to every route of phones: refused by what it is, never by a fault")
  void bodies_to_phones_routes() throws Exception {
    Set<List<String>> routes = new LinkedHashSet<>();
    for (Asked each : HubRoutes.ROUTES) {
      if (!each.body().isEmpty()) {
        routes.add(List.of(each.method(), each.path()));
      }
    }
    routes.add(List.of("PATCH", "/v1/phones/" + house.owner().id()));
    routes.add(List.of("POST", "/confirm"));
    var before = house.hub().panel().phones().stream().map(phone -> phone.name()).toList();
    try (Line line = house.owner().connect(house.port())) {
      for (List<String> route : routes) {
        for (byte[] body : bodies()) {
          Reply reply = line.send(route.get(0), route.get(1), "application/json", body);
          assertThat(reply.status())
              .as("%s %s: %s", route, new String(body, UTF_8), reply)
              .isLessThan(500);
          assertThat(reply.body().length).isLessThan(8192);
        }
      }
    }
    assertThat(house.hub().door().done()).extracting(done -> done.name()).doesNotContain("lock");
    assertThat(house.hub().panel().phones().stream().map(phone -> phone.name()).toList())
        .isEqualTo(before);
    assertThat(house.owner().command(house.port(), "lock", "unlocked").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("every body to pairing: malformed, and not counted as a guess")
  void bodies_to_pairing() throws Exception {
    house.hub().panel().pressButton();
    for (String path : List.of("/pair", "/pair/code")) {
      for (byte[] body : bodies()) {
        try (Line line = Line.open(house.port(), "cs-pair/1", null)) {
          assertThat(line.post(path, "application/cbor", body).status()).isEqualTo(400);
        }
      }
    }
    assertThat(house.hub().panel().screen()).isPresent();
  }

  /** What the hub says to raw bytes after the handshake, until it hangs up. */
  private String raw(String request) throws IOException {
    try (Line line = house.owner().connect(house.port())) {
      line.socket().getOutputStream().write(request.getBytes(ISO_8859_1));
      line.socket().getOutputStream().flush();
      var answer = new StringBuilder();
      for (int c = line.socket().getInputStream().read();
          c >= 0;
          c = line.socket().getInputStream().read()) {
        answer.append((char) c);
      }
      return answer.toString();
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("neither answered to its end nor hung up", e);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  @DisplayName("HTTP that is none, or too much of it, ends the connection")
  void broken_http() throws Exception {
    String command = "POST /v1/commands HTTP/1.1\r\nHost: hub\r\n";
    String body = "{\"lock\":\"unlocked\"}";
    for (String request :
        List.of(
            "\r\n\r\n\r\n\r\nNONSENSE\r\n\r\n",
            "GET /v1/state HTTP/9.9\r\n\r\n",
            "GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: hub\r\n\r\n",
            command + "X: " + "a".repeat(20_000) + "\r\n\r\n",
            command + "X: a\r\n".repeat(5000) + "\r\n",
            command + "Content-Length: 100000000\r\n\r\n" + "a".repeat(100_000),
            command + "Content-Length: -1\r\n\r\n" + body,
            command + "Content-Length: 19\r\nContent-Length: 20\r\n\r\n" + body,
            command + "Content-Length: 19\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + body,
            command + "Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n" + "a".repeat(50_000),
            command + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + body)) {
      String answer = raw(request);
      assertThat(answer)
          .as(request.substring(0, Math.min(90, request.length())))
          .doesNotContain(" 200 ")
          .doesNotContain(" 500 ");
    }
    assertThat(house.hub().door().done()).isEmpty();
    assertThat(
            raw(
                command
                    + "Connection: close\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body))
        .contains(" 200 ");
  }

  @Test
  @DisplayName("a body that is too large is refused with its size, before all of it has come")
  void too_large() throws Exception {
    try (Line line = house.owner().connect(house.port())) {
      Reply reply = line.send("POST", "/v1/commands", "application/json", new byte[64 * 1024]);
      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.problem()).isEqualTo("too-large");
    }
    try (Line line = house.owner().connect(house.port())) {
      byte[] most = new byte[16 * 1024];
      java.util.Arrays.fill(most, (byte) ' ');
      assertThat(line.send("POST", "/v1/commands", "application/json", most).status())
          .isEqualTo(400);
    }
  }

  @Test
  @DisplayName("methods and paths that are not there")
  void methods_and_paths() throws Exception {
    try (Line line = house.owner().connect(house.port())) {
      for (String method : List.of("HEAD", "TRACE", "OPTIONS", "PUT", "BREW")) {
        Reply reply = line.send(method, "/v1/state", "application/json", new byte[0]);
        assertThat(reply.status()).as(method).isEqualTo(405);
        if (method.equals("HEAD")) {
          break;
        }
      }
      for (String path :
          List.of(
              "/",
              "/v1",
              "/v1/",
              "/v1//state",
              "/v1/State",
              "/v1/state/",
              "/../v1/state",
              "/v1/phones/",
              "/v1/phones/../hub",
              "/%76%31/state",
              "//v1/state",
              "/metrics")) {
        assertThat(line.get(path).status()).as(path).isIn(404, 405);
      }
      assertThat(line.get("/v1/state").status()).isEqualTo(200);
    }
  }
}
