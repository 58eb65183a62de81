// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("What a genuine device cannot do either")
class LimitsTest {
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private TestServer server;
  private OperatorCalls operator;
  private TestDevice device;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime());
    operator = server.operator();
    device = server.enrol("LM-1");
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @Test
  @DisplayName("a body of 64 KiB is taken, one of a byte more is not (413)")
  void limits_bodies() throws Exception {
    TestDevice sender = server.enrol("LM-2");
    String most = "{\"n\":1" + " ".repeat(MAX_BODY_BYTES - 7) + "}";
    sender.report(most).expect(204);
    sender.report(most + " ").expect(413);
    try (HttpsConnection connection = sender.connect()) {
      connection.write(
          "POST /v1/readings HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999\r\n\r\n{"
              .getBytes(US_ASCII));
      connection.answer().expect(413);
    }
    assertThat(operator.readings("LM-2")).hasSize(1);
  }

  @Test
  @DisplayName("a body that does not say how long it is, is counted while it comes (413)")
  void limits_chunked_bodies() throws Exception {
    TestDevice sender = server.enrol("LM-3");
    assertThat(chunked(sender, 8).status()).isEqualTo(204);
    assertThat(chunked(sender, 80).status()).isEqualTo(413);
    assertThat(operator.readings("LM-3")).hasSize(1);
  }

  /** A reading with so many KiB of blanks around it. */
  private static Answer chunked(TestDevice sender, int kibibytes) throws IOException {
    var body = new StringBuilder("POST /v1/readings HTTP/1.1\r\nHost: x\r\n");
    body.append("Transfer-Encoding: chunked\r\n\r\n7\r\n{\"n\":1}\r\n");
    body.repeat("400\r\n" + " ".repeat(1024) + "\r\n", kibibytes);
    body.append("0\r\n\r\n");
    try (HttpsConnection connection = sender.connect()) {
      connection.write(body.toString().getBytes(US_ASCII));
      return connection.answer();
    }
  }

  @Test
  @DisplayName("a long address is 414, long headers are 431")
  void limits_heads() throws Exception {
    String value = "x".repeat(1000);
    device.settings("X-Filler: " + value).expect(200);
    Answer headers =
        device
            .settings(Stream.generate(() -> "X-Filler: " + value).limit(9).toArray(String[]::new))
            .expect(431);
    assertThat(headers.json().path("type").asString()).endsWith(":header-too-large");
    device.send("GET", "/v1/readings?t=" + value, "").expect(204);
    Answer line = device.send("GET", "/v1/readings?t=" + "x".repeat(5000), "").expect(414);
    assertThat(line.json().path("type").asString()).endsWith(":line-too-long");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("cut off", "{\"t\":1", "body"),
        Arguments.of("two values", "{\"t\":1}{}", "body"),
        Arguments.of("no body", "", "body"),
        Arguments.of("an empty array", "[]", "body"),
        Arguments.of("an empty object", "{}", "body"),
        Arguments.of("a number", "7", "body"),
        Arguments.of("a name twice", "{\"t\":1,\"t\":2}", "body"),
        Arguments.of("an array in an array in an array …", "[".repeat(50_000), "body"),
        Arguments.of("an object in an object in an object …", "{\"t\":".repeat(10_000), "t"),
        Arguments.of("an object as a value", "{\"t\":{\"u\":1}}", "t"),
        Arguments.of("an array as a value", "{\"t\":[1]}", "t"),
        Arguments.of("null as a value", "{\"t\":null}", "t"),
        Arguments.of("NaN", "{\"t\":NaN}", "body"),
        Arguments.of("a number too great", "{\"t\":1e999}", "t"),
        Arguments.of("a number as a name", "{\"7\":1}", "7"),
        Arguments.of("a blank in a name", "{\"a b\":1}", "a"),
        Arguments.of("no name", "{\"\":1}", ""),
        Arguments.of("a long name", "{\"" + "n".repeat(65) + "\":1}", "n"),
        Arguments.of("a long text", "{\"t\":\"" + "x".repeat(1025) + "\"}", "t"),
        Arguments.of("a time in words", "{\"t\":1,\"at\":\"yesterday\"}", "at"),
        Arguments.of("a time in numbers", "{\"t\":1,\"at\":5}", "at"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  @DisplayName("malformed readings are refused with the name of the field, and nothing is stored")
  void names_what_is_malformed(String what, String body, String field) throws IOException {
    int before = operator.readings("LM-1").size();

    Answer refused = device.report(body, "Content-Type: application/json").expect(400);

    assertThat(refused.header("Content-Type")).contains("application/problem+json");
    assertThat(refused.json().path("detail").asString()).startsWith(field);
    assertThat(operator.readings("LM-1")).hasSize(before);
  }

  @Test
  @DisplayName("malformed queries and media types are refused as well")
  void names_what_is_malformed_elsewhere() throws IOException {
    device.send("GET", "/v1/readings", "").expect(400);
    device.send("GET", "/v1/readings?t", "").expect(400);
    device.send("GET", "/v1/readings?t=1&t=2", "").expect(400);
    device.send("GET", "/v1/readings?7=1", "").expect(400);
    device.report("<t>1</t>", "Content-Type: text/xml").expect(415);
    device.settings("Accept: application/cose").expect(406);
    device.send("PUT", "/v1/settings/applied", "{\"version\":-1}").expect(400);
    device.send("PUT", "/v1/settings/applied", "{\"version\":99}").expect(400);
    device.send("DELETE", "/v1/readings", "").expect(405);
    device.send("GET", "/v1/nothing", "").expect(404);
  }

  private Answer number(TestDevice sender, String sequence, int value) throws IOException {
    return sender.report("{\"n\":" + value + "}", "Countersign-Sequence: " + sequence);
  }

  @Test
  @DisplayName("a sequence number stores its message once, whatever is sent again [A3]")
  void stores_a_number_once() throws Exception {
    TestDevice sender = server.enrol("LM-4");
    number(sender, "100", 1).expect(204);
    number(sender, "100", 1).expect(204);
    number(sender, "100", 2).expect(409);
    number(sender, "37", 3).expect(204);
    number(sender, "37", 3).expect(204);
    number(sender, "36", 4).expect(409);
    number(sender, "101", 5).expect(204);
    number(sender, "37", 3).expect(409);
    for (String bad : new String[] {"0", "-1", "1.5", "x", "9007199254740992", "1e3", "007"}) {
      assertThat(number(sender, bad, 6).expect(400).json().path("detail").asString())
          .startsWith("Countersign-Sequence");
    }
    assertThat(operator.readings("LM-4"))
        .extracting(reading -> reading.path("value").asInt())
        .containsExactly(1, 3, 5);
  }

  @Test
  @DisplayName("sequence numbers of one device are nothing to another")
  void numbers_belong_to_a_device() throws Exception {
    TestDevice one = server.enrol("LM-5");
    TestDevice other = server.enrol("LM-6");
    number(one, "1000", 1).expect(204);
    number(other, "1", 2).expect(204);
    assertThat(operator.readings("LM-5")).hasSize(1);
    assertThat(operator.readings("LM-6")).hasSize(1);
  }

  @Test
  @DisplayName("sequence numbers outlive a restart and a renewal, and begin anew by a new token")
  void numbers_outlive_restarts() throws Exception {
    TestDevice sender = server.enrol("LM-7");
    number(sender, "500", 1).expect(204);
    server.restart();
    number(sender, "500", 1).expect(204);
    number(sender, "500", 2).expect(409);
    number(sender, "1", 3).expect(409);

    TestDevice renewed = sender.renewed();
    number(renewed, "500", 1).expect(204);
    number(renewed, "1", 3).expect(409);

    String token = operator.newToken("LM-7");
    TestDevice again = TestDevice.enrolWith(server, "LM-7", token, TestDevice.newKeys());
    number(again, "1", 3).expect(204);
    number(again, "1", 4).expect(409);
    assertThat(operator.readings("LM-7")).hasSize(2);
  }

  @Test
  @DisplayName("settings of one device are never answered to another [A2]")
  void settings_belong_to_a_device() throws Exception {
    TestDevice one = server.enrol("LM-8");
    TestDevice other = server.enrol("LM-9");
    operator.set("LM-8", "{\"secret\":\"of one\"}");
    operator.set("LM-9", "{\"mine\":1}");
    operator.set("LM-9", "{\"mine\":2}");

    assertThat(one.settings().expect(200).body()).contains("of one").doesNotContain("mine");
    Answer own = other.settings().expect(200);
    assertThat(own.body()).contains("mine").doesNotContain("secret");
    assertThat(own.header("Cache-Control"))
        .hasValueSatisfying(control -> assertThat(control).contains("private"));

    String receipt =
        "{\"version\":1,\"sha256\":\"" + one.settings().json().path("sha256").asString() + "\"}";
    other.send("PUT", "/v1/settings/applied", receipt).expect(400);
    one.send("PUT", "/v1/settings/applied", receipt).expect(204);
    assertThat(operator.settings("LM-9").path("applied").isNull()).isTrue();
  }
}
