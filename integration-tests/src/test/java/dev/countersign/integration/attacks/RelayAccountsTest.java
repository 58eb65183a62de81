// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Signs by itself, with nothing but what docs/protocol.md says. */
@DisplayName("A relay's account, from outside")
class RelayAccountsTest {
  private static final String BODY = "{\"o\":\"o1.AA.AA\",\"coreid\":\"3f\"}";

  /** A name, which is no secret, and is stored where a secret would be. */
  private static final String PLANTED = "Planted-51e08b46d2a4c77f3a9c";

  @TempDir private Path directory;
  private MutableClock clock = MutableClock.atMachineTime();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    clock = MutableClock.atMachineTime();
    server = TestServer.start(directory.resolve("data"), clock);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String add(String json) throws Exception {
    Answer added = server.operator().send("POST", "/v1/relays", json).expect(201);
    assertThat(added.json().path("blastRadiusDevices").asInt(-1)).isZero();
    return added.json().path("secret").asString();
  }

  private String sign(String secret, String id) throws GeneralSecurityException {
    long t = clock.instant().getEpochSecond();
    String digest =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BODY.getBytes(UTF_8)));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal((t + "." + id + "./hook/cloud." + digest).getBytes(UTF_8));
    return "t=" + t + ",id=" + id + ",v1=" + HexFormat.of().formatHex(signature);
  }

  private Answer deliver(String path, String... headers) throws IOException {
    try (HttpsConnection connection =
        HttpsConnection.open(server.devicePort(), server.root(), Optional.empty())) {
      return connection.send("POST", path, BODY, headers);
    }
  }

  private JsonNode health(String name) throws Exception {
    return server.operator().get("/v1/relays/" + name + "/health").expect(200).json();
  }

  private static long seen(JsonNode health) {
    return health.path("findings").valueStream().mapToLong(f -> f.path("count").asLong(0)).sum();
  }

  @Test
  @DisplayName("what is signed as documented is let in and counted; nothing else is")
  void lets_in_what_is_signed() throws Exception {
    String secret = add("{\"name\":\"cloud\"}");
    assertThat(health("cloud").path("state").asString("")).isEqualTo("unused");
    Answer unsigned = deliver("/hook/cloud").expect(401);
    assertThat(unsigned.body()).isEqualTo("e1.1");
    String stale = sign(secret, "d-0");
    deliver("/hook/cloud", "Countersign-Relay: " + sign(secret, "d-1"));
    clock.advance(Duration.ofMinutes(6));
    deliver("/hook/cloud", "Countersign-Relay: " + stale).expect(401);
    deliver("/hook/other", "Countersign-Relay: " + sign(secret, "d-2")).expect(401);
    assertThat(seen(health("cloud"))).isEqualTo(1);
    assertThat(health("cloud").path("lastUsed").isString()).isTrue();
  }

  @Test
  @DisplayName("a frozen account delivers nothing until it is let go on")
  void freezes() throws Exception {
    String secret = add("{\"name\":\"weak\",\"mode\":\"static\"}");
    OperatorCalls operator = server.operator();
    String authorization = "Authorization: Bearer " + secret;
    deliver("/hook/weak", authorization);
    operator.send("POST", "/v1/relays/weak/freeze", "{\"reason\":\"stolen\"}").expect(200);
    deliver("/hook/weak", authorization).expect(401);
    assertThat(health("weak").path("state").asString("")).isEqualTo("frozen");
    assertThat(seen(health("weak"))).isEqualTo(1);
    operator.send("POST", "/v1/relays/weak/unfreeze", "").expect(200);
    deliver("/hook/weak", authorization);
    assertThat(seen(health("weak"))).isEqualTo(2);
    assertThat(operator.audit("weak", "relay-frozen")).hasSize(1);
  }

  @Test
  @DisplayName("secrets of relays are in no file of the registry and in no answer but the first")
  void keeps_secrets() throws Exception {
    String signed = add("{\"name\":\"cloud\"}");
    String fixed = add("{\"name\":\"" + PLANTED + "\",\"mode\":\"static\"}");
    String listed = server.operator().get("/v1/relays").expect(200).body();
    assertThat(listed).contains("cloud", PLANTED).doesNotContain(signed, fixed, "crs1");
    var secrets =
        new SecretSearch()
            .add("signing secret", signed.substring(5))
            .add("fixed secret", fixed.substring(5));
    assertThat(new SecretSearch().add("name", PLANTED).in(directory))
        .as("what is kept, by the same search")
        .isNotEmpty();
    assertThat(secrets.in(directory)).isEmpty();
  }
}
