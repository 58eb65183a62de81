// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.pairing.Pairing.Confirmation;
import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.PhoneAuthenticator;
import dev.countersign.hub.phones.PhoneAuthenticator.Verdict;
import dev.countersign.hub.phones.Phones;
import dev.countersign.hub.time.HubTime;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingKeys;
import dev.countersign.protocol.pairing.PairingRequest;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.pairing.Spake2Prover;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What pairs ends in time")
class PairingTimesTest {
  private static final Instant MADE = Instant.parse("2026-11-01T00:00:00Z");
  private static final int MAX_PHONES = 4;

  @TempDir private Path scratch;

  private final SecureRandom random = new SecureRandom();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final byte[] channelBinding = new byte[PairingKeys.CHANNEL_BINDING_BYTES];
  private final List<String> told = new ArrayList<>();
  private HubKeys hub;
  private Phones phones;
  private HubTime time;
  private Pairing pairing;

  @BeforeEach
  void start() throws Exception {
    HubId id = HubId.random(random);
    phones = Phones.open(scratch.resolve("phones.json"), id, MADE, random);
    time = new HubTime(MADE, nanos::get);
    X509Certificate some = phones.state().authority().certificate();
    hub =
        new HubKeys(id, Sha256.of(new byte[1]), List.of(some, some), PairingSecret.random(random));
    pairing = boot();
    pairing.openAtFirstBoot();
  }

  private Pairing boot() {
    var made = new Pairing(hub, phones, time, MAX_PHONES, random, nanos::get);
    made.listen(new Told());
    return made;
  }

  private final class Told implements PairingListener {
    @Override
    public void opened() {
      told.add("opened");
    }

    @Override
    public void failed(int failures) {
      told.add("failed " + failures);
    }

    @Override
    public void burned() {
      told.add("burned");
    }

    @Override
    public void closed(int failures) {
      told.add("closed " + failures);
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private PairingCode shown() {
    return pairing.screen().orElseThrow().code();
  }

  /** A phone that tries; what it got is its certificate or a refusal. */
  private final class Attempt {
    private final PairingDecision decision;
    private final PairingAttempt attempt;

    Attempt(PairingCode code) throws IOException, ProtocolException, GeneralSecurityException {
      PairingKeys keys = PairingKeys.ofSecret(channelBinding, code.secret(), code.hub());
      attempt = PairingAttempt.begin(keys, newKey(), "Phone", random);
      decision = pairing.attempt(PairingRequest.parse(attempt.request()), channelBinding);
    }

    X509Certificate certificate() throws ProtocolException {
      return attempt.verify(((PairingDecision.Granted) decision).answer()).grant().certificate();
    }

    Phone confirm() throws IOException, ProtocolException {
      return ((Confirmation.Active) pairing.confirm(certificate())).phone();
    }
  }

  private PairingDecision attempt(PairingCode code) throws Exception {
    return new Attempt(code).decision;
  }

  private AuthenticatedPhone owner() throws Exception {
    var first = new Attempt(shown());
    first.confirm();
    return ((Verdict.Known) new PhoneAuthenticator(phones, time).judge(first.certificate()))
        .phone();
  }

  @Test
  @DisplayName("a code on the screen lives for a minute, and another follows after half of it")
  void screen_codes() throws Exception {
    PairingCode first = shown();
    pass(Duration.ofSeconds(29));
    assertThat(shown().secret()).isEqualTo(first.secret());
    pass(Duration.ofSeconds(1));
    PairingCode second = shown();
    assertThat(second.secret()).isNotEqualTo(first.secret());
    pass(Duration.ofSeconds(30));
    assertThat(attempt(first)).isInstanceOf(PairingDecision.Refused.class);
    assertThat(attempt(second)).isInstanceOf(PairingDecision.Granted.class);
  }

  @Test
  @DisplayName("just before its end it pairs")
  void screen_code_in_time() throws Exception {
    PairingCode first = shown();
    pass(Duration.ofSeconds(60).minusNanos(1));
    assertThat(attempt(first)).isInstanceOf(PairingDecision.Granted.class);
  }

  @Test
  @DisplayName("a window ends after two minutes, with everything in it")
  void window() throws Exception {
    pairing.pressButton();
    pass(Duration.ofSeconds(119));
    PairingCode last = shown();
    assertThat(pairing.screen().orElseThrow().validFor()).isEqualTo(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(pairing.windowRemaining()).isEmpty();
    assertThat(attempt(last)).isInstanceOf(PairingDecision.Closed.class);
    assertThat(attempt(pairing.label())).isInstanceOf(PairingDecision.Closed.class);
    assertThat(told).containsExactly("opened", "opened", "closed 0");
    pairing.pressButton();
    assertThat(attempt(last)).isInstanceOf(PairingDecision.Refused.class);
    assertThat(attempt(pairing.label())).isInstanceOf(PairingDecision.Granted.class);
  }

  @Test
  @DisplayName("an invitation ends after ten minutes")
  void invitation() throws Exception {
    owner();
    PairingCode code = invite();
    pass(Duration.ofMinutes(10).minusNanos(1));
    PairingCode other = invite();
    assertThat(attempt(code)).isInstanceOf(PairingDecision.Granted.class);
    pass(Duration.ofMinutes(10));
    assertThat(attempt(other)).isInstanceOf(PairingDecision.Closed.class);
  }

  private PairingCode invite() {
    return pairing
        .invite(
            new Terms(
                Terms.Occasion.ADDITION,
                Role.USER,
                Optional.of(phones.all().getFirst().id()),
                Optional.empty()))
        .orElseThrow();
  }

  @Test
  @DisplayName("a phone has a minute to confirm; until then nobody else pairs, and nobody owns")
  void pending() throws Exception {
    var slow = new Attempt(shown());
    X509Certificate certificate = slow.certificate();
    pairing.openAtFirstBoot();
    assertThat(attempt(shown())).isInstanceOf(PairingDecision.Busy.class);
    pass(Duration.ofSeconds(60));
    assertThat(pairing.confirm(certificate)).isInstanceOf(Confirmation.Stranger.class);
    assertThat(phones.state().isOwned()).isFalse();
    var quick = new Attempt(shown());
    pass(Duration.ofSeconds(60).minusNanos(1));
    assertThat(quick.confirm().role()).isEqualTo(Role.OWNER);
  }

  @Test
  @DisplayName("a phone that was about to confirm is nobody after a restart, and its code is void")
  void pending_and_restart() throws Exception {
    PairingCode code = shown();
    var slow = new Attempt(code);
    X509Certificate certificate = slow.certificate();
    pairing = boot();
    pairing.openAtFirstBoot();
    assertThat(pairing.confirm(certificate)).isInstanceOf(Confirmation.Stranger.class);
    assertThat(attempt(code)).isInstanceOf(PairingDecision.Refused.class);
    assertThat(new Attempt(shown()).confirm().role()).isEqualTo(Role.OWNER);
  }

  @Test
  @DisplayName("a reset gives up the phone that was about to confirm, with its epoch")
  void pending_and_reset() throws Exception {
    var before = new Attempt(shown());
    X509Certificate certificate = before.certificate();
    pairing.reset(MADE);
    assertThat(pairing.confirm(certificate)).isInstanceOf(Confirmation.Stranger.class);
    assertThat(phones.state().phones()).isEmpty();
    assertThat(new Attempt(shown()).confirm().epoch()).isEqualTo(2);
  }

  @Test
  @DisplayName("a window that was opened for the first owner makes no second one")
  void window_for_the_first_owner() throws Exception {
    var first = new Attempt(shown());
    pairing.pressButton();
    assertThat(pairing.confirm(first.certificate())).isInstanceOf(Confirmation.Stranger.class);
    assertThat(new Attempt(shown()).confirm().role()).isEqualTo(Role.OWNER);
    pairing.pressButton();
    assertThat(new Attempt(shown()).confirm().role()).isEqualTo(Role.USER);
  }

  @Test
  @DisplayName("a typed code ends with its window: the second half of it comes too late")
  void typed_code() throws Exception {
    var manual = pairing.screen().orElseThrow().manual();
    pairing.pressButton();
    assertThat(pairing.screen().orElseThrow().manual()).isNotEqualTo(manual);
    var now = pairing.screen().orElseThrow().manual();
    assertThat(typed(now, Duration.ofMinutes(2))).isInstanceOf(PairingDecision.Closed.class);
    pairing.pressButton();
    var next = pairing.screen().orElseThrow().manual();
    assertThat(typed(next, Duration.ofSeconds(119))).isInstanceOf(PairingDecision.Granted.class);
  }

  private PairingDecision typed(
      dev.countersign.protocol.pairing.ManualCode code, Duration betweenItsHalves)
      throws Exception {
    Spake2Prover prover = Spake2Prover.begin(code, hub.id(), hub.key(), channelBinding, random);
    var answered = (Pairing.Share.Answered) pairing.share(prover.share(), channelBinding);
    pass(betweenItsHalves);
    var confirmed = prover.finish(answered.answer().shareV(), answered.answer().confirmV());
    var attempt = PairingAttempt.begin(confirmed.keys(), newKey(), "Typed", random);
    return pairing.attempt(
        PairingRequest.parse(attempt.request(confirmed.confirmP())), answered.attempt());
  }

  @Test
  @DisplayName("owners hear of guesses that were never finished, and of the end of the window")
  void unfinished_guesses() throws Exception {
    for (int i = 0; i < Pairing.MAX_FAILURES; i++) {
      Spake2Prover prover =
          Spake2Prover.begin(
              pairing.screen().orElseThrow().manual(),
              hub.id(),
              Sha256.of(new byte[2]),
              channelBinding,
              random);
      assertThat(pairing.share(prover.share(), channelBinding))
          .isInstanceOf(Pairing.Share.Answered.class);
    }
    assertThat(phones.state().failures()).isEqualTo(Pairing.MAX_FAILURES);
    pass(Duration.ofSeconds(30));
    pairing.expire();
    assertThat(told).containsExactly("opened", "closed 5");
    assertThat(pairing.screen()).isEmpty();
  }

  @Test
  @DisplayName("a full list hinders neither the printed card nor the handing over")
  void full_list() throws Exception {
    AuthenticatedPhone owner = owner();
    PairingCode card = pairing.newRecoveryCard(owner).orElseThrow();
    for (int i = 1; i < MAX_PHONES; i++) {
      new Attempt(invite()).confirm();
    }
    assertThat(attempt(invite())).isInstanceOf(PairingDecision.Full.class);
    pairing.pressButton();
    assertThat(new Attempt(card).confirm().role()).isEqualTo(Role.OWNER);
    PairingCode handover =
        pairing
            .invite(
                new Terms(
                    Terms.Occasion.TRANSFER,
                    Role.OWNER,
                    Optional.of(owner.phone().id()),
                    Optional.empty()))
            .orElseThrow();
    assertThat(new Attempt(handover).confirm().epoch()).isEqualTo(2);
    assertThat(phones.all()).hasSize(1);
  }

  @Test
  @DisplayName("no invitation is made that could not pair, after too many failures")
  void invitation_after_failures() throws Exception {
    owner();
    PairingCode wrong =
        new PairingCode(
            PairingCode.Place.SCREEN,
            false,
            Role.USER,
            hub.id(),
            PairingSecret.random(random),
            hub.key());
    PairingCode before = invite();
    for (int i = 0; i < Pairing.MAX_FAILURES; i++) {
      assertThat(attempt(wrong)).isInstanceOf(PairingDecision.Refused.class);
    }
    assertThat(attempt(before)).isInstanceOf(PairingDecision.Closed.class);
    assertThat(phones.state().failures()).isEqualTo(Pairing.MAX_FAILURES);
    pairing.pressButton();
    assertThat(attempt(invite())).isInstanceOf(PairingDecision.Granted.class);
  }
}
