// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static dev.countersign.integration.SealedTestDevice.pull;
import static dev.countersign.integration.SealedTestDevice.reading;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.SealedTestDevice;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import dev.countersign.protocol.settings.SealedSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayName("A relay that has all its secrets, and bad intentions [A3, A4]")
class HostileRelayTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path scratch;

  /** Signs whatever it likes, with the account that the operator gave it. */
  private static final class Relay {
    private final TestServer server;
    private final String secret;
    private int deliveries;

    Relay(TestServer server) throws IOException, ProtocolException {
      this.server = server;
      this.secret =
          server
              .operator()
              .send("POST", "/v1/relays", "{\"name\":\"mallory\",\"mode\":\"signed\"}")
              .expect(201)
              .json()
              .path("secret")
              .asString();
    }

    /** Delivers a token in the name of a device. */
    Answer deliver(String device, String token) throws Exception {
      String body = "{\"o\":\"" + token + "\",\"coreid\":\"" + device + "\"}";
      long seconds = CLOCK.instant().getEpochSecond();
      String id = "d" + deliveries++;
      Mac hmac = Mac.getInstance("HmacSHA256");
      hmac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      String signed =
          seconds + "." + id + "./hook/mallory." + Sha256.of(body.getBytes(UTF_8)).hex();
      String v1 = Hexadecimal.encode(hmac.doFinal(signed.getBytes(UTF_8)));
      try (HttpsConnection connection = server.connect()) {
        return connection.send(
            "POST",
            "/hook/mallory",
            body,
            "Content-Type: application/json",
            "Countersign-Relay: t=" + seconds + ",id=" + id + ",v1=" + v1);
      }
    }
  }

  private static String flipped(String token, Random random) {
    int dot = token.lastIndexOf('.');
    byte[] bytes = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return token.substring(0, dot + 1)
        + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Test
  @DisplayName("gets no false record stored, no false answer accepted, no second answer")
  void forges_nothing() throws Exception {
    var random = new Random(20261122);
    try (TestServer server = TestServer.start(scratch.resolve("data"), CLOCK)) {
      var relay = new Relay(server);
      SealedTestDevice one = SealedTestDevice.add(server, "HR-1");
      SealedTestDevice two = SealedTestDevice.add(server, "HR-2");
      var sent = new ArrayList<SentRequest>();
      for (int i = 0; i < 40; i++) {
        sent.add(one.seal(reading(i)));
      }
      var reordered = new ArrayList<>(sent);
      Collections.shuffle(reordered, random);
      var answers = new HashSet<String>();
      for (SentRequest request : reordered) {
        String token = request.message().token();
        assertThat(relay.deliver("c-1", flipped(token, random)).status()).isEqualTo(401);
        String answer = relay.deliver("c-1", token).expect(200).body();
        assertThat(relay.deliver("c-1", token).expect(200).body())
            .as("the same delivery again")
            .isEqualTo(answer);
        assertThat(relay.deliver("c-2", token).expect(200).body())
            .as("in the name of another")
            .isEqualTo(answer);
        assertThat(answers.add(answer)).isTrue();
        assertThat(request.open(SealedMessage.parse(answer)).code()).isEqualTo(CoapCode.CHANGED);
        for (SentRequest other : sent) {
          if (other != request) {
            assertThatThrownBy(() -> other.open(SealedMessage.parse(answer)))
                .isInstanceOf(NotAuthenticException.class);
          }
        }
      }
      assertThat(server.operator().readings("HR-1"))
          .extracting(reading -> reading.path("value").asInt())
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40).boxed().toList());
      assertThat(server.operator().readings("HR-2")).isEmpty();
      refusesOldSettings(server, relay, two);
      seesItInHealth(server);
    }
  }

  /** Yesterday's settings, and those of another device, do not open for today's request. */
  private static void refusesOldSettings(TestServer server, Relay relay, SealedTestDevice two)
      throws Exception {
    server.operator().set("HR-2", "{\"interval\":30}");
    SentRequest yesterday = two.seal(pull());
    String old = relay.deliver("c-2", yesterday.message().token()).expect(200).body();
    server.operator().set("HR-2", "{\"interval\":60}");
    SentRequest today = two.seal(pull());
    String current = relay.deliver("c-2", today.message().token()).expect(200).body();
    assertThatThrownBy(() -> two.open(today, old)).isInstanceOf(NotAuthenticException.class);
    InnerMessage opened = two.open(today, current);
    assertThat(SealedSettings.decode(opened.body()).version()).isEqualTo(2);
    SealedTestDevice three = SealedTestDevice.add(server, "HR-3");
    SentRequest theirs = three.seal(pull());
    assertThatThrownBy(() -> three.open(theirs, current)).isInstanceOf(NotAuthenticException.class);
  }

  private static void seesItInHealth(TestServer server) {
    await()
        .untilAsserted(() -> {
          JsonNode health = server.operator().get("/v1/relays/mallory/health").expect(200).json();
          String text = health.toString();
          assertThat(text).contains("altered").contains("duplicated").contains("swapped");
        });
  }

  @Test
  @DisplayName("a device with a number twice and other bytes is refused, and its alarm is kept")
  void notices_a_clone() throws Exception {
    try (TestServer server = TestServer.start(scratch.resolve("data"), CLOCK)) {
      SealedTestDevice device = SealedTestDevice.add(server, "HR-4");
      device.send(1);
      String twin = device.sealAs(0, reading(99)).message().token();
      assertThat(device.deliver(twin).expect(409).body()).isEqualTo("e1.3");
      assertThat(server.operator().readings("HR-4")).hasSize(1);
      await()
          .untilAsserted(() ->
              assertThat(server.operator().get("/v1/devices/HR-4/journal").expect(200).body())
                  .contains("sealed-number-reused"));
    }
  }

  @Test
  @DisplayName("what was recorded of a device does not count when it is registered once more")
  void replays_nothing_after_registration() throws Exception {
    String secret = "t8Qw3LpR5vKc1YhXn7BdM2sGf9JaU4eTiWqEoVxHyNzSrCjDk0Z";
    String registration =
        "{\"serial\":\"HR-6\",\"credential\":\"sealed\",\"secret\":\"" + secret + "\"}";
    try (TestServer server = TestServer.start(scratch.resolve("data"), CLOCK)) {
      server.operator().send("POST", "/v1/devices", registration).expect(201);
      SealedTestDevice device = SealedTestDevice.of(server, "HR-6", secret);
      SentRequest recorded = device.seal(reading(1));
      device.deliver(recorded.message().token()).expect(200);
      device.send(2);
      server.operator().send("DELETE", "/v1/devices/HR-6", "").expect(204);
      server.operator().send("POST", "/v1/devices", registration).expect(201);
      device.deliver(recorded.message().token()).expect(401);
      assertThat(server.operator().readings("HR-6")).isEmpty();
    }
  }

  @Test
  @DisplayName("after kill -9 again and again, the same bytes get the same answers [A18]")
  void answers_the_same_over_kills() throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch)) {
      SealedTestDevice device = SealedTestDevice.add(server, "HR-5");
      var tokens = new ArrayList<String>();
      var answers = new ArrayList<String>();
      int value = 0;
      for (int round = 0; round < 4; round++) {
        Thread killer = Thread.ofVirtual().unstarted(server::kill);
        int begins = value;
        try {
          while (true) {
            SentRequest sent = device.seal(reading(value));
            tokens.add(sent.message().token());
            value++;
            answers.add(device.deliver(sent.message().token()).expect(200).body());
            if (value - begins == 5 + 7 * round) {
              killer.start();
            }
          }
        } catch (IOException e) {
          killer.join(); // killed: the last one may have been stored or not
        }
        server.restart();
        String last = device.deliver(tokens.getLast()).expect(200).body();
        if (answers.size() < tokens.size()) {
          answers.add(last);
        }
        assertThat(device.deliver(tokens.getLast()).expect(200).body()).isEqualTo(last);
        for (int i = 0; i < tokens.size(); i++) {
          Answer again = device.deliver(tokens.get(i));
          if (i >= tokens.size() - 64) {
            assertThat(again.expect(200).body()).isEqualTo(answers.get(i));
          } else {
            assertThat(again.status()).isEqualTo(409);
          }
        }
      }
      List<Integer> stored =
          server.operator().readings("HR-5").stream().map(r -> r.path("value").asInt()).toList();
      assertThat(stored).containsExactlyElementsOf(IntStream.range(0, value).boxed().toList());
    }
  }
}
