// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("What one device, or one address, may ask for")
class FairShareTest {
  private static final int BURST = 8;
  private static final int BYTES_PER_DAY = 20_000;
  private static final String LIMITS =
      """

      limits:
        maxWaiting: 1
        quota:
          requestsPerMinute: 1
          burst: %d
          bytesPerDay: %d
        enrolment:
          maxFailuresPerAddress: 3
          windowSeconds: 6
      """
          .formatted(BURST, BYTES_PER_DAY);

  private TestServer server;
  private OperatorCalls operator;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime(), LIMITS);
    operator = server.operator();
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private static void assertOver(Answer answer, String type) {
    answer.expect(429);
    assertThat(answer.json().path("type").asString()).endsWith(":" + type);
    assertThat(answer.header("Retry-After").map(Integer::parseInt))
        .hasValueSatisfying(seconds -> assertThat(seconds).isPositive());
  }

  @Test
  @DisplayName("a device in a loop is slowed down, whatever it asks for, and no other device is")
  void requests_of_a_device() throws Exception {
    TestDevice eager = server.enrol("QT-1");
    try (HttpsConnection connection = eager.connect()) {
      for (int i = 0; i < BURST; i++) {
        connection.send("POST", "/v1/readings", "{\"n\":" + i + "}").expect(204);
      }
      assertOver(connection.send("POST", "/v1/readings", "{\"n\":99}"), "quota");
      assertOver(connection.get("/v1/readings?n=99"), "quota");
      assertOver(connection.get("/v1/settings"), "quota");
    }
    assertOver(eager.simpleReenrol(TestDevice.newKeys()), "quota");
    assertThat(operator.readings("QT-1")).hasSize(BURST);
    server.enrol("QT-2").report("{\"n\":1}").expect(204);
  }

  @Test
  @DisplayName("bytes of a day are counted as well")
  void bytes_of_a_device() throws Exception {
    TestDevice verbose = server.enrol("QT-3");
    verbose.report("{\"n\":1" + " ".repeat(BYTES_PER_DAY) + "}").expect(204);
    assertOver(verbose.report("{\"n\":2}"), "quota");
    assertThat(operator.readings("QT-3")).hasSize(1);
  }

  @Test
  @DisplayName("only so many devices wait for settings; one more is told to come back")
  void waiting_devices() throws Exception {
    operator.send("POST", "/v1/devices", "{\"serial\":\"QT-W\"}").expect(201);
    try (HttpsConnection first = server.enrol("QT-4").connect();
        HttpsConnection second = server.enrol("QT-5").connect()) {
      String etag = "If-None-Match: " + first.get("/v1/settings").header("ETag").orElseThrow();
      second.get("/v1/settings").expect(200);
      first.begin("GET", "/v1/settings", "", etag, "Prefer: wait=60");
      await().until(() -> second.get("/v1/settings", etag, "Prefer: wait=1").status() == 503);

      operator.set("QT-4", "{\"x\":1}");
      first.answer().expect(200);
    }
  }

  @Test
  @DisplayName("an address that failed too often waits, whatever it shows; renewals do not")
  void attempts_of_an_address() throws Exception {
    TestDevice enrolled = server.enrol("QT-6");
    String token = operator.addDevice("QT-7");
    byte[] csr = TestDevice.csr(TestDevice.newKeys());
    for (int i = 0; i < 3; i++) {
      TestDevice.simpleEnrol(server, "QT-UNKNOWN-" + i, token, csr).expect(401);
    }
    Answer right = TestDevice.simpleEnrol(server, "QT-7", token, csr);
    assertOver(right, "too-many-token-failures");
    Answer wrong = TestDevice.simpleEnrol(server, "QT-UNKNOWN", "nonsense", csr);
    assertThat(wrong.body()).as("no oracle").isEqualTo(right.body());

    enrolled.report("{\"n\":1}").expect(204);
    enrolled.simpleReenrol(TestDevice.newKeys()).expect(200);

    await().until(() -> TestDevice.simpleEnrol(server, "QT-7", token, csr).status() == 200);
  }
}
