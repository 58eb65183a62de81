// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.relay.HookBody;
import dev.countersign.server.relay.RelayAccount;
import dev.countersign.server.relay.RelayDelivery;
import dev.countersign.server.relay.RelayMode;
import dev.countersign.server.relay.RelaySecret;
import dev.countersign.server.relay.RelayVerdict;
import dev.countersign.server.relay.TestRelays;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("The template for Particle's console")
class ParticleWebhookTest {
  private static final Path TEMPLATE = Path.of("..", "docs", "relays", "particle-webhook.json");
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> EVENT =
      Map.of(
          "PARTICLE_EVENT_VALUE", "o1.CSU.AQID-_",
          "PARTICLE_DEVICE_ID", "3f002b000000000000000000",
          "PARTICLE_EVENT_NAME", "cs1",
          "PARTICLE_PUBLISHED_AT", "2026-11-21T12:00:00.123Z");

  private static JsonNode template() throws Exception {
    return JSON.readTree(Files.readString(TEMPLATE));
  }

  /** As Particle's templates do it: three braces put the value there as it is. */
  private static String filledIn(String text) {
    String filled = text;
    for (Map.Entry<String, String> variable : EVENT.entrySet()) {
      filled = filled.replace("{{{" + variable.getKey() + "}}}", variable.getValue());
    }
    assertThat(filled).as("variables that Particle has").doesNotContain("{{");
    return filled;
  }

  @Test
  @DisplayName("makes a delivery that is let in, and whose token and notes are found")
  void makes_deliveries() throws Exception {
    var relays = new TestRelays();
    RelaySecret secret = relays.add("particle", RelayMode.STATIC);
    String header = template().path("headers").path("Authorization").asString("");
    assertThat(header).isEqualTo("Bearer THE-SECRET-THAT-RELAY-ADD-PRINTED");
    byte[] body = filledIn(template().path("json").toString()).getBytes(UTF_8);
    String path = URI.create(template().path("url").asString("")).getPath();
    var delivery =
        new RelayDelivery(
            "particle", path, Optional.empty(), Optional.of(TestRelays.bearer(secret)), body);
    assertThat(path).isEqualTo("/hook/particle");
    assertThat(relays.gate.judge(delivery)).isInstanceOf(RelayVerdict.Admitted.class);
    assertThat(HookBody.parse(body, RelayAccount.DEFAULT_FIELD))
        .isEqualTo(
            new HookBody(
                "o1.CSU.AQID-_",
                Optional.of("3f002b000000000000000000"),
                Optional.of(Instant.parse("2026-11-21T12:00:00.123Z"))));
  }

  @Test
  @DisplayName("publishes the body of the answer as it is, to the device that asked")
  void passes_answers_on() throws Exception {
    assertThat(template().has("responseTemplate")).isFalse();
    assertThat(template().path("noDefaults").asBoolean(false)).isTrue();
    assertThat(filledIn(template().path("responseTopic").asString("")))
        .isEqualTo("3f002b000000000000000000/hook-response/cs1");
  }
}
