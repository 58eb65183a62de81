// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.integration.hub.Household;
import dev.countersign.integration.hub.TestHub;
import dev.countersign.integration.hub.TestMaker;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.pairing.Spake2Prover;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Who guesses codes has five guesses, and a restart gives no more")
class GuessedCodesTest {
  private final SecureRandom random = new SecureRandom();
  @TempDir private Path scratch;

  private PairingCode guess(TestHub hub) {
    return new PairingCode(
        PairingCode.Place.SCREEN,
        false,
        Role.OWNER,
        hub.identity().id(),
        PairingSecret.random(random),
        hub.identity().keyHash());
  }

  private String tryToGuess(TestHub hub) throws Exception {
    return new TestPhone("Eve").tryToPair(hub.port(), guess(hub)).problem();
  }

  private static String status(TestHub hub) throws IOException {
    try (Line line = Line.open(hub.port(), "cs-pair/1", null)) {
      return line.get("/pair").json().path("open").asString("");
    }
  }

  @Test
  @DisplayName("five wrong codes close the window; the right one does not open it")
  void window_closes() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      PairingCode right = hub.shown();
      for (int i = 0; i < 4; i++) {
        assertThat(tryToGuess(hub)).isEqualTo("pairing-refused");
      }
      assertThat(status(hub)).isEqualTo("true");
      assertThat(tryToGuess(hub)).isEqualTo("pairing-refused");
      assertThat(status(hub)).isEqualTo("false");
      assertThat(hub.panel().screen()).isEmpty();
      assertThat(new TestPhone("Ada").tryToPair(hub.port(), right).problem())
          .isEqualTo("pairing-closed");
    }
  }

  @Test
  @DisplayName("after four the right code still pairs, and the failures are forgotten")
  void four_failures() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      PairingCode right = hub.shown();
      for (int i = 0; i < 4; i++) {
        tryToGuess(hub);
      }
      new TestPhone("Ada").pair(hub.port(), right);
      hub.press();
      assertThat(tryToGuess(hub)).isEqualTo("pairing-refused");
      assertThat(status(hub)).isEqualTo("true");
    }
  }

  @Test
  @DisplayName("the count outlives a restart: the hub opens no window by itself; the button does")
  void survives_restart() throws Exception {
    int port;
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      port = hub.port();
      for (int i = 0; i < 3; i++) {
        assertThat(tryToGuess(hub)).isEqualTo("pairing-refused");
      }
    }
    try (TestHub hub = TestHub.restart(scratch, port)) {
      // The control: three are not enough.
      assertThat(hub.panel().screen()).isPresent();
      assertThat(tryToGuess(hub)).isEqualTo("pairing-refused");
      assertThat(tryToGuess(hub)).isEqualTo("pairing-refused");
      assertThat(tryToGuess(hub)).isEqualTo("pairing-closed");
    }
    try (TestHub hub = TestHub.restart(scratch, port)) {
      assertThat(hub.panel().screen()).isEmpty();
      assertThat(tryToGuess(hub)).isEqualTo("pairing-closed");
      assertThat(new TestPhone("Ada").tryToPair(port, hub.press()).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("failures kill the invitations that are out as well")
  void invitations() throws Exception {
    try (Household house = Household.start(scratch)) {
      PairingCode invitation = house.invite(Role.USER);
      for (int i = 0; i < 5; i++) {
        assertThat(tryToGuess(house.hub())).isEqualTo("pairing-refused");
      }
      assertThat(new TestPhone("Bob").tryToPair(house.port(), invitation).problem())
          .isEqualTo("pairing-closed");
      // Nor is one given out that would pair nobody.
      assertThat(house.send("POST", "/v1/invitations", "{\"role\":\"user\"}").problem())
          .isEqualTo("pairing-closed");
      house.hub().panel().pressButton();
      PairingCode next = house.invite(Role.USER);
      assertThat(new TestPhone("Bob").tryToPair(house.port(), next).status()).isEqualTo(200);
    }
  }

  private byte[] share(TestHub hub, Line line, ManualCode code) throws IOException {
    Spake2Prover prover =
        Spake2Prover.begin(
            code, hub.identity().id(), hub.identity().keyHash(), line.channelBinding(), random);
    return new CborWriter().array(1).bytes(prover.share()).toByteArray();
  }

  @Test
  @DisplayName("shares of a typed code that are never confirmed count like wrong ones")
  void shares_without_confirmation() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      ManualCode right = hub.panel().screen().orElseThrow().manual();
      try (Line line = Line.open(hub.port(), "cs-pair/1", null)) {
        for (int i = 0; i < 5; i++) {
          byte[] share = share(hub, line, ManualCode.random(random));
          assertThat(line.post("/pair/code", "application/cbor", share).status()).isEqualTo(200);
        }
        byte[] sixth = share(hub, line, right);
        assertThat(line.post("/pair/code", "application/cbor", sixth).problem())
            .isEqualTo("pairing-closed");
      }
      assertThat(hub.panel().screen()).isEmpty();
    }
  }

  @Test
  @DisplayName("and many at once get no more than five answers")
  void shares_in_parallel() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> guesses = new ArrayList<>();
      byte[] share;
      try (Line line = Line.open(hub.port(), "cs-pair/1", null)) {
        share = share(hub, line, ManualCode.random(random));
      }
      for (int i = 0; i < 8; i++) {
        Line line = Line.open(hub.port(), "cs-pair/1", null);
        guesses.add(() -> {
          try (line) {
            return line.post("/pair/code", "application/cbor", share).status();
          }
        });
      }
      int answered = 0;
      for (Future<Integer> guess : threads.invokeAll(guesses)) {
        answered += guess.get() == 200 ? 1 : 0;
      }
      assertThat(answered).isEqualTo(5);
    }
  }

  @Test
  @DisplayName("a wrong digit is told to the phone by a proof, and to the hub by a count")
  void wrong_digits() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      var identity = hub.identity();
      for (int i = 0; i < 4; i++) {
        ManualCode wrong = ManualCode.random(random);
        assertThatThrownBy(() ->
                new TestPhone("Eve")
                    .tryToPair(hub.port(), identity.id(), identity.keyHash(), wrong))
            .isInstanceOf(NotAuthenticException.class);
      }
      ManualCode right = hub.panel().screen().orElseThrow().manual();
      var phone = new TestPhone("Ada");
      assertThat(phone.tryToPair(hub.port(), identity.id(), identity.keyHash(), right).status())
          .isEqualTo(200);
    }
  }
}
