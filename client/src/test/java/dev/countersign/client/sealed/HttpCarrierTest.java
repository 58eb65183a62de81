// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.client.sealed.RelayRefusedException.Hint;
import dev.countersign.client.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A carrier by HTTP")
class HttpCarrierTest {
  private static final String REQUEST = "o1.CgEsWVTnXuvn.6xm_8uHrsGlgwKd5-fz1s22r54Yjq-ZY";
  private static final String ANSWER = "o1.AA.AG42lS-gjdC05YAWyGURtZZw86N9X5a6vsv4DQZ9q2LpCcP1";

  private final List<Transport.Request> requests = new ArrayList<>();
  private Transport.Response response = answer(200, ANSWER);

  private final Transport transport =
      new Transport() {
        @Override
        public Response exchange(Request request) {
          requests.add(request);
          return response;
        }

        @Override
        public void close() {}
      };

  private static Transport.Response answer(int status, String body) {
    return new Transport.Response(
        status, Map.of("content-type", "text/plain"), body.getBytes(US_ASCII));
  }

  @Test
  @DisplayName("writes OSCORE over HTTP as RFC 8613 §11 has it")
  void posts() throws Exception {
    assertThat(HttpCarrier.post(transport, "/r", 1000).exchange(REQUEST)).isEqualTo(ANSWER);
    Transport.Request sent = requests.get(0);
    assertThat(sent.method() + sent.path()).isEqualTo("POST/r");
    assertThat(sent.headers())
        .containsEntry("OSCORE", "CgEsWVTnXuvn")
        .containsEntry("Content-Type", "application/oscore");
    assertThat(sent.body()).hasSize(24);
  }

  @Test
  @DisplayName("reads OSCORE over HTTP, and tokens under any status")
  void reads() throws Exception {
    response =
        new Transport.Response(
            200,
            Map.of("content-type", "application/oscore", "oscore", "AA"),
            new byte[] {1, 2, 3});
    assertThat(HttpCarrier.post(transport, "/r", 1000).exchange(REQUEST)).isEqualTo("o1.AA.AQID");
    response = answer(502, ANSWER + "\n");
    assertThat(HttpCarrier.get(transport, "/p?x=1", 1000).exchange(REQUEST)).isEqualTo(ANSWER);
    assertThat(requests.get(1).path()).isEqualTo("/p?x=1&o=" + REQUEST);
    HttpCarrier.json(transport, "/hook/p", "o", 1000).exchange(REQUEST);
    assertThat(new String(requests.get(2).body(), US_ASCII))
        .isEqualTo("{\"o\":\"" + REQUEST + "\"}");
  }

  @Test
  @DisplayName("knows the four errors, also as 200, and repeats nobody's words")
  void hints() {
    Map<String, Hint> hints =
        Map.of(
            "e1.1", Hint.UNKNOWN,
            "e1.2", Hint.MALFORMED,
            "e1.3", Hint.REPLAY,
            "e1.9", Hint.OVERLOAD,
            "<html>evil</html>", Hint.NONE,
            "", Hint.NONE);
    hints.forEach((text, hint) -> {
      response = answer(200, text);
      assertThatThrownBy(() -> HttpCarrier.get(transport, "/r", 1000).exchange(REQUEST))
          .isInstanceOfSatisfying(
              RelayRefusedException.class, e -> assertThat(e.hint()).isEqualTo(hint))
          .hasMessageNotContaining("evil");
    });
  }

  @Test
  @DisplayName("hands on when the relay wants to be asked again")
  void retry_after() {
    response = new Transport.Response(503, Map.of("retry-after", "30"), "e1.9".getBytes(US_ASCII));
    assertThatThrownBy(() -> HttpCarrier.get(transport, "/r", 1000).exchange(REQUEST))
        .isInstanceOfSatisfying(
            RelayRefusedException.class,
            e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(30)));
  }
}
