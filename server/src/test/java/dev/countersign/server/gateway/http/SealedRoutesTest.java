// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import static dev.countersign.server.http.TestLimits.limits;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.OverloadedException;
import dev.countersign.server.http.Router;
import dev.countersign.server.http.TestListener;
import dev.countersign.server.journal.InMemoryJournalStore;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.JournalLimits;
import dev.countersign.server.journal.Reason;
import dev.countersign.server.ledger.InMemoryCertificateLedger;
import dev.countersign.server.quota.DeviceQuotas;
import dev.countersign.server.quota.FailedAttempts;
import dev.countersign.server.registry.InMemoryDevices;
import dev.countersign.server.relay.Carriage;
import dev.countersign.server.relay.CarriedMessage;
import dev.countersign.server.relay.Diagnosis;
import dev.countersign.server.relay.Diagnosis.Finding;
import dev.countersign.server.relay.Diagnosis.Sender;
import dev.countersign.server.relay.NewRelay;
import dev.countersign.server.relay.RelayMode;
import dev.countersign.server.relay.RelaySecret;
import dev.countersign.server.relay.SealedArrival;
import dev.countersign.server.relay.SealedExchanges;
import dev.countersign.server.relay.SealedReply;
import dev.countersign.server.relay.SealedReply.Kind;
import dev.countersign.server.relay.TestRelays;
import dev.countersign.server.relay.health.FindingKind;
import dev.countersign.server.relay.health.InMemoryRelayFindings;
import dev.countersign.server.relay.health.RelayHealth;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Routes for sealed messages")
class SealedRoutesTest {
  private static final String BODY =
      "{\"o\":\"o1.AA.AA\",\"coreid\":\"3f\",\"published_at\":\"2026-11-21T11:59:59Z\"}";
  private static final CarriedMessage ANSWER =
      new CarriedMessage.Oscore(new byte[0], new byte[] {1, 2, 3});

  private final TestRelays relays = new TestRelays();
  private final InMemoryDevices devices = new InMemoryDevices();
  private final RelayHealth health =
      new RelayHealth(
          new RelayHealth.Stores(
              relays.database, relays.relays, new InMemoryRelayFindings(devices)),
          relays.accounts,
          relays.clock,
          1000,
          1000);
  private final Journal journal =
      new Journal(
          new Journal.Stores(
              relays.database,
              new InMemoryJournalStore(),
              devices,
              new InMemoryCertificateLedger()),
          new JournalLimits(1000, 100, 1000, 1000, Duration.ofDays(1)),
          relays.clock);
  private final FakeExchanges exchanges = new FakeExchanges();
  private final RelaySecret secret = relays.add("alpha", RelayMode.SIGNED);
  private TestListener listener;

  /** Answers what it is told, and keeps what it was given. */
  private static final class FakeExchanges implements SealedExchanges {
    final List<SealedArrival> arrivals = Collections.synchronizedList(new ArrayList<>());
    volatile SealedReply reply =
        new SealedReply.Answered(
            ANSWER, Diagnosis.of(Finding.FRESH, new Sender(1, new DeviceSerial("SN-1"))));
    volatile boolean overloaded;
    volatile boolean atHand;

    @Override
    public Optional<CompletionStage<SealedReply>> exchangeAtOnce(SealedArrival arrival) {
      return atHand ? Optional.of(exchange(arrival)) : Optional.empty();
    }

    @Override
    public CompletionStage<SealedReply> exchange(SealedArrival arrival) {
      arrivals.add(arrival);
      return overloaded
          ? CompletableFuture.failedStage(new OverloadedException("full"))
          : CompletableFuture.completedStage(reply);
    }
  }

  @BeforeEach
  void open() throws IOException {
    long[] nanos = {0};
    listener = open(new DeviceQuotas(1, 40, 1L << 40, 10, () -> nanos[0]), 8);
  }

  private TestListener open(DeviceQuotas quotas, int maxFailures) throws IOException {
    var failures = new FailedAttempts(maxFailures, Duration.ofMinutes(10), () -> 0);
    var sealed = new SealedHandlers(exchanges, relays.clock);
    var parts = new DeviceApi.Sealed(exchanges, relays.gate, health, quotas, failures);
    var routes =
        new Router()
            .on("POST", "/r", sealed.post())
            .on("GET", "/r", sealed.get())
            .on("POST", "/hook/{relay}", new HookHandler(parts, journal, relays.clock));
    return new TestListener(null, limits(), new JournalingHandler(routes, journal));
  }

  @AfterEach
  void close() {
    listener.close();
  }

  private String post(String path, String headers, String body) throws IOException {
    return listener.say(
        "POST %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(path, body.getBytes(UTF_8).length, headers, body));
  }

  @Test
  @DisplayName("what is at hand is answered in the same form, and once")
  void answers_at_once() throws IOException {
    String waited = post("/r", "", "o1.AA.AAAA");
    exchanges.atHand = true;
    assertThat(post("/r", "", "o1.AA.AAAA")).isEqualTo(waited);
    assertThat(exchanges.arrivals).hasSize(2);
    exchanges.overloaded = true;
    assertThat(post("/r", "", "o1.AA.AAAA")).startsWith("HTTP/1.1 503 ").endsWith("e1.9");
  }

  private String deliver(String delivery, String body) throws IOException {
    return post(
        "/hook/alpha",
        "Countersign-Relay: " + relays.sign(secret, "alpha", delivery, body) + "\r\n",
        body);
  }

  private static String status(String answer) {
    return answer.substring(9, 12);
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Test
  @DisplayName("a signed webhook is answered with the bare token")
  void answers_hook() throws IOException {
    String answer = deliver("d-1", BODY);
    assertThat(status(answer)).isEqualTo("200");
    assertThat(answer.toLowerCase(Locale.ROOT))
        .contains("content-type: text/plain\r\n")
        .contains("cache-control: no-store\r\n");
    assertThat(body(answer)).isEqualTo("o1.AA.AQID");
    SealedArrival arrival = exchanges.arrivals.getFirst();
    assertThat(arrival.carriage()).isEqualTo(Carriage.HOOK);
    assertThat(arrival.message()).isEqualTo(new CarriedMessage.Token("o1.AA.AA"));
    assertThat(arrival.relay().orElseThrow().name()).isEqualTo("alpha");
    assertThat(arrival.notes().delivery()).contains("d-1");
    assertThat(arrival.notes().device()).contains("3f");
    assertThat(arrival.notes().sentAt()).contains(Instant.parse("2026-11-21T11:59:59Z"));
    assertThat(arrival.address()).isEqualTo("127.0.0.1");
  }

  @Test
  @DisplayName("unsigned, stale, reused, foreign, unknown, frozen: refused before the exchange")
  void refuses_before_the_exchange() throws IOException {
    RelaySecret beta = relays.add("beta", RelayMode.SIGNED);
    String stale = relays.sign(secret, "alpha", "d-1", BODY);
    deliver("d-9", BODY);
    exchanges.arrivals.clear();
    relays.clock.advance(Duration.ofMinutes(6));
    var answers = new ArrayList<String>();
    answers.add(post("/hook/alpha", "", BODY));
    answers.add(post("/hook/alpha", "Countersign-Relay: " + stale + "\r\n", BODY));
    answers.add(deliver("d-9", BODY + " "));
    answers.add(
        post(
            "/hook/alpha",
            "Countersign-Relay: " + relays.sign(beta, "alpha", "d-2", BODY) + "\r\n",
            BODY));
    answers.add(
        post(
            "/hook/gamma",
            "Countersign-Relay: " + relays.sign(secret, "gamma", "d-2", BODY) + "\r\n",
            BODY));
    relays.accounts.freeze("alpha", "", "operator:anna");
    answers.add(deliver("d-3", BODY));
    assertThat(exchanges.arrivals).isEmpty();
    assertThat(answers).allMatch(answer -> status(answer).equals("401"));
    assertThat(answers.stream().map(SealedRoutesTest::withoutDate).distinct())
        .as("one answer for all")
        .hasSize(1);
    assertThat(body(answers.getFirst())).isEqualTo("e1.1");
    assertThat(journal.unattributed(10).stream().map(entry -> entry.attempt().reason()))
        .containsExactlyInAnyOrder(
            Reason.RELAY_NOT_SIGNED,
            Reason.RELAY_STALE,
            Reason.RELAY_DELIVERY_REUSED,
            Reason.RELAY_WRONG_SECRET,
            Reason.RELAY_UNKNOWN,
            Reason.RELAY_FROZEN);
  }

  private static String withoutDate(String answer) {
    return answer.replaceAll("(?im)^date: .*\r\n", "");
  }

  @Test
  @DisplayName("a refused sealed message is answered as a refused relay is, on every route")
  void answers_alike() throws IOException {
    exchanges.reply =
        new SealedReply.OuterError(Kind.UNAUTHENTICATED, Diagnosis.of(Finding.UNPROVEN));
    assertThat(
            List.of(
                    withoutDate(deliver("d-1", BODY)),
                    withoutDate(post("/hook/alpha", "", BODY)),
                    withoutDate(post("/r", "Content-Type: text/plain\r\n", "o1.AA.AA")),
                    withoutDate(get("/r?o=o1.AA.AA")))
                .stream()
                .distinct())
        .hasSize(1);
  }

  private String get(String target) throws IOException {
    return listener.say("GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  }

  @Test
  @DisplayName("the same delivery again reaches the exchange, which knows what it answered")
  void lets_repeated_through() throws IOException {
    deliver("d-1", BODY);
    deliver("d-1", BODY);
    assertThat(exchanges.arrivals).hasSize(2);
    assertThat(exchanges.arrivals.getLast().relay().orElseThrow().isRepeated()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("each error outside the seal has its status and its four characters")
  void writes_errors(Kind kind) throws IOException {
    exchanges.reply = new SealedReply.OuterError(kind, Diagnosis.of(Finding.UNPROVEN));
    for (String answer : List.of(deliver("d-1", BODY), get("/r?o=o1.AA.AA"))) {
      assertThat(status(answer)).isEqualTo(Integer.toString(kind.status()));
      assertThat(body(answer)).isEqualTo(kind.text());
    }
  }

  @Test
  @DisplayName("for relays that drop other bodies, errors go as 200; refusals of the relay do not")
  void writes_errors_as_200() throws IOException {
    RelaySecret dropping = relays.add(new NewRelay("drops", RelayMode.STATIC, "o", true));
    String header = "Authorization: " + TestRelays.bearer(dropping) + "\r\n";
    exchanges.reply = new SealedReply.OuterError(Kind.REPLAY, Diagnosis.of(Finding.REPLAYED));
    String answer = post("/hook/drops", header, BODY);
    assertThat(status(answer)).isEqualTo("200");
    assertThat(body(answer)).isEqualTo("e1.3");
    answer = post("/hook/drops", header, "{}");
    assertThat(status(answer)).isEqualTo("200");
    assertThat(body(answer)).isEqualTo("e1.2");
    assertThat(status(post("/hook/drops", "", BODY))).isEqualTo("401");
  }

  @Test
  @DisplayName("a store that fails is an overload, and nothing is said of it")
  void answers_overload() throws IOException {
    exchanges.overloaded = true;
    String answer = deliver("d-1", BODY);
    assertThat(status(answer)).isEqualTo("503");
    assertThat(body(answer)).isEqualTo("e1.9");
    assertThat(answer).containsIgnoringCase("retry-after:");
  }

  @Test
  @DisplayName("a document without a token is malformed, and journalled with its field")
  void refuses_malformed() throws IOException {
    String answer = deliver("d-1", "{\"x\":1}");
    assertThat(status(answer)).isEqualTo("400");
    assertThat(body(answer)).isEqualTo("e1.2");
    assertThat(exchanges.arrivals).isEmpty();
    assertThat(journal.unattributed(10).getFirst().attempt().detail())
        .contains("alpha")
        .contains("o");
    assertThat(health.report("alpha").orElseThrow().count(FindingKind.MALFORMED)).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 8613 §11: option and ciphertext come and go apart")
  void carries_oscore() throws IOException {
    String answer =
        post("/r", "Content-Type: application/oscore\r\nOSCORE: CSU\r\n", "\u0001\u0002");
    SealedArrival arrival = exchanges.arrivals.getFirst();
    assertThat(arrival.carriage()).isEqualTo(Carriage.POST_R);
    assertThat(arrival.relay()).isEmpty();
    assertThat(arrival.message().token()).isEqualTo("o1.CSU.AQI");
    assertThat(answer).containsIgnoringCase("OSCORE: AA\r\n");
    assertThat(answer).containsIgnoringCase("Content-Type: application/oscore\r\n");
    assertThat(body(answer).getBytes(ISO_8859_1)).containsExactly(1, 2, 3);
    post("/r", "Content-Type: application/oscore\r\nOSCORE: AA\r\n", "\u0001");
    assertThat(exchanges.arrivals.getLast().message().token()).isEqualTo("o1.AA.AQ");
  }

  @Test
  @DisplayName("without its option, an OSCORE message is malformed")
  void refuses_missing_option() throws IOException {
    for (String header : List.of("", "OSCORE: \r\n", "OSCORE: A=\r\n", "OSCORE: ?!\r\n")) {
      String answer = post("/r", "Content-Type: application/oscore\r\n" + header, "x");
      assertThat(status(answer)).isEqualTo("400");
      assertThat(body(answer)).isEqualTo("e1.2");
    }
    assertThat(exchanges.arrivals).isEmpty();
  }

  @Test
  @DisplayName("a token comes in a query, whatever stands beside it, or as text")
  void carries_tokens() throws IOException {
    assertThat(body(get("/r?event=x&o=o1.AA.AA&coreid=3f"))).isEqualTo("o1.AA.AQID");
    assertThat(body(post("/r", "Content-Type: text/plain\r\n", "o1.AA.AA\n")))
        .isEqualTo("o1.AA.AQID");
    assertThat(exchanges.arrivals)
        .extracting(SealedArrival::message)
        .containsOnly(new CarriedMessage.Token("o1.AA.AA"));
    assertThat(status(get("/r"))).isEqualTo("400");
    assertThat(status(get("/r?o="))).isEqualTo("400");
    assertThat(status(get("/r?o=%zz"))).isEqualTo("400");
  }

  @Test
  @DisplayName("a relay that delivers too much is told to wait, and no other")
  void limits_relays() throws IOException {
    listener.close();
    listener = open(new DeviceQuotas(1, 2, 1L << 40, 10, () -> 0), 8);
    deliver("d-1", BODY);
    deliver("d-2", BODY);
    String answer = deliver("d-3", BODY);
    assertThat(status(answer)).isEqualTo("429");
    assertThat(body(answer)).isEqualTo("e1.9");
    assertThat(exchanges.arrivals).hasSize(2);
    RelaySecret beta = relays.add("beta", RelayMode.STATIC);
    String header = "Authorization: " + TestRelays.bearer(beta) + "\r\n";
    assertThat(status(post("/hook/beta", header, BODY))).isEqualTo("200");
  }

  @Test
  @DisplayName("who fails too often has to wait, and shuts out no relay behind the same address")
  void slows_down_strangers() throws IOException {
    for (int i = 0; i < 8; i++) {
      assertThat(status(post("/hook/alpha", "", BODY))).isEqualTo("401");
    }
    assertThat(status(post("/hook/alpha", "", BODY))).isEqualTo("429");
    assertThat(status(deliver("d-1", BODY))).isEqualTo("200");
  }
}
