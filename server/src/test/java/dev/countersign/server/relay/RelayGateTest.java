// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.relay.RelayVerdict.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Relay gate")
class RelayGateTest {
  private static final String BODY = "{\"o\":\"o1.AA.AA\"}";

  private final TestRelays relays = new TestRelays();
  private final RelaySecret secret = relays.add("alpha", RelayMode.SIGNED);

  private static void assertRefused(RelayVerdict verdict, Refusal why) {
    assertThat(verdict).isEqualTo(new RelayVerdict.Refused(why));
  }

  private static AuthenticatedRelay admitted(RelayVerdict verdict) {
    assertThat(verdict).isInstanceOf(RelayVerdict.Admitted.class);
    return ((RelayVerdict.Admitted) verdict).relay();
  }

  private RelayVerdict deliver(String signature, String body) {
    return relays.gate.judge(TestRelays.signed("alpha", signature, body));
  }

  @Test
  @DisplayName("a rightly signed delivery is let in, with its number")
  void admits_signed() {
    AuthenticatedRelay relay = admitted(deliver(relays.sign(secret, "alpha", "d-1", BODY), BODY));
    assertThat(relay.name()).isEqualTo("alpha");
    assertThat(relay.delivery()).contains("d-1");
    assertThat(relay.isRepeated()).isFalse();
  }

  @Test
  @DisplayName("the same delivery again goes on as a duplicate")
  void admits_repeated() {
    String signature = relays.sign(secret, "alpha", "d-1", BODY);
    admitted(deliver(signature, BODY));
    relays.clock.advance(Duration.ofMinutes(4));
    assertThat(admitted(deliver(signature, BODY)).isRepeated()).isTrue();
    String signedAnew = relays.sign(secret, "alpha", "d-1", BODY);
    assertThat(admitted(deliver(signedAnew, BODY)).isRepeated()).isTrue();
  }

  @Test
  @DisplayName("the number of a delivery with another body is refused")
  void refuses_reused_number() {
    admitted(deliver(relays.sign(secret, "alpha", "d-1", BODY), BODY));
    String other = BODY + " ";
    assertRefused(
        deliver(relays.sign(secret, "alpha", "d-1", other), other), Refusal.DELIVERY_REUSED);
  }

  @Test
  @DisplayName("numbers of one relay are none of another's")
  void keeps_relays_apart() {
    RelaySecret beta = relays.add("beta", RelayMode.SIGNED);
    admitted(deliver(relays.sign(secret, "alpha", "d-1", BODY), BODY));
    String other = BODY + " ";
    admitted(
        relays.gate.judge(
            TestRelays.signed("beta", relays.sign(beta, "beta", "d-1", other), other)));
  }

  @Test
  @DisplayName("a delivery signed more than five minutes ago, or ahead of time, is refused")
  void refuses_stale() {
    String signature = relays.sign(secret, "alpha", "d-1", BODY);
    relays.clock.advance(Duration.ofSeconds(301));
    assertRefused(deliver(signature, BODY), Refusal.STALE);
    long ahead = relays.clock.instant().getEpochSecond() + 301;
    assertRefused(
        deliver(TestRelays.signature(secret, ahead, "d-2", "/hook/alpha", BODY), BODY),
        Refusal.STALE);
    admitted(deliver(TestRelays.signature(secret, ahead - 1, "d-2", "/hook/alpha", BODY), BODY));
  }

  @Test
  @DisplayName("without a signature, or with one of another form, nothing is let in")
  void refuses_unsigned() {
    var unsigned =
        new RelayDelivery(
            "alpha", "/hook/alpha", Optional.empty(), Optional.empty(), BODY.getBytes(UTF_8));
    assertRefused(relays.gate.judge(unsigned), Refusal.NOT_SIGNED);
    assertRefused(deliver("v1=00", BODY), Refusal.NOT_SIGNED);
    assertRefused(
        relays.gate.judge(TestRelays.fixed("alpha", TestRelays.bearer(secret), BODY)),
        Refusal.NOT_SIGNED);
  }

  @Test
  @DisplayName("another relay's signature is refused, and one over another path")
  void refuses_other_relay() {
    RelaySecret beta = relays.add("beta", RelayMode.SIGNED);
    assertRefused(deliver(relays.sign(beta, "alpha", "d-1", BODY), BODY), Refusal.WRONG_SECRET);
    assertRefused(deliver(relays.sign(secret, "beta", "d-1", BODY), BODY), Refusal.WRONG_SECRET);
    assertRefused(
        relays.gate.judge(
            TestRelays.signed("gamma", relays.sign(secret, "gamma", "d-1", BODY), BODY)),
        Refusal.UNKNOWN);
  }

  @Test
  @DisplayName("a frozen relay is refused from the commit on, and let in again after it")
  void refuses_frozen() {
    relays.accounts.freeze("alpha", "stolen", "operator:anna");
    assertRefused(deliver(relays.sign(secret, "alpha", "d-1", BODY), BODY), Refusal.FROZEN);
    relays.accounts.unfreeze("alpha", "found", "operator:anna");
    admitted(deliver(relays.sign(secret, "alpha", "d-1", BODY), BODY));
  }

  @Test
  @DisplayName("an unknown relay, a missing header and a wrong secret cost what a right one costs")
  void does_the_same_work() {
    relays.add("weak", RelayMode.STATIC);
    String right = relays.sign(secret, "alpha", "d-1", BODY);
    var bare =
        new RelayDelivery(
            "alpha", "/hook/alpha", Optional.empty(), Optional.empty(), BODY.getBytes(UTF_8));
    for (RelayDelivery delivery :
        List.of(
            TestRelays.signed("alpha", right, BODY),
            TestRelays.signed("alpha", right, BODY + " "),
            TestRelays.signed("gamma", right, BODY),
            TestRelays.fixed("weak", "Bearer crs1.x", BODY),
            bare)) {
      int before = relays.wrapping.unwrapped();
      relays.gate.judge(delivery);
      assertThat(relays.wrapping.unwrapped()).as(delivery.relay()).isEqualTo(before + 1);
    }
  }

  @Test
  @DisplayName("a relay that can only send a fixed header is known by it")
  void admits_static() {
    RelaySecret fixed = relays.add("weak", RelayMode.STATIC);
    String header = TestRelays.bearer(fixed);
    admitted(relays.gate.judge(TestRelays.fixed("weak", header, BODY)));
    admitted(relays.gate.judge(TestRelays.fixed("weak", header.replace("Bearer", "bearer"), BODY)));
    for (String wrong :
        new String[] {header + "A", header.substring(0, 40), "Bearer ", "Basic x"}) {
      assertThat(relays.gate.judge(TestRelays.fixed("weak", wrong, BODY)))
          .isInstanceOf(RelayVerdict.Refused.class);
    }
    assertRefused(
        relays.gate.judge(TestRelays.signed("weak", relays.sign(fixed, "weak", "d-1", BODY), BODY)),
        Refusal.NOT_SIGNED);
    relays.accounts.freeze("weak", "", "operator:anna");
    assertRefused(relays.gate.judge(TestRelays.fixed("weak", header, BODY)), Refusal.FROZEN);
  }

  @Test
  @DisplayName("beyond its bound the memory forgets the oldest, and lets in")
  void is_bounded() {
    var small = new TestRelays(10);
    RelaySecret key = small.add("alpha", RelayMode.SIGNED);
    for (int i = 0; i < 10_000; i++) {
      String signature = small.sign(key, "alpha", "d-" + i, BODY);
      admitted(small.gate.judge(TestRelays.signed("alpha", signature, BODY)));
    }
    assertThat(small.gate.rememberedDeliveries()).isLessThanOrEqualTo(10);
  }
}
