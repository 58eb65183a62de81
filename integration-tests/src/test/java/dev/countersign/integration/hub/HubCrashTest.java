// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("A hub that is killed (SIGKILL) in the middle of a pairing")
class HubCrashTest {
  /** Where a pairing is when the power fails. */
  enum Step {
    BEFORE_M1,
    AFTER_M1_WAS_SENT,
    AFTER_M2,
    AFTER_CONFIRM_WAS_SENT,
    AFTER_CONFIRM
  }

  @TempDir private Path scratch = Path.of("");
  private final Random random = new Random();
  private final List<String> listed = new ArrayList<>();
  private Path state = Path.of("");
  private TestPhone owner;
  private PairingCode code;

  /** What a phone knew when the power failed. */
  private record Left(TestPhone phone, boolean asked, boolean answered) {}

  @BeforeEach
  void provision() throws Exception {
    state = scratch.resolve("hub");
    HubIdentity identity = new TestMaker().identity();
    TestMaker.provision(state, identity);
    owner = new TestPhone("Ada");
    code = identity.labelCode();
  }

  private void moveIn(HubProcess hub) throws Exception {
    owner = new TestPhone("Ada").pair(hub.port(), hub.screen().orElseThrow());
    listed.add(owner.id());
  }

  @Test
  @Tag(HubSuite.HERE_ONLY)
  @DisplayName("leaves no phone half paired, and no code that still pairs, at every step")
  void every_step() throws Exception {
    HubProcess hub = HubProcess.start(state);
    try {
      for (Step step : Step.values()) {
        if (listed.isEmpty()) {
          hub.press();
          code = hub.screen().orElseThrow();
          Left first = pairUntil(hub, step);
          hub = restart(hub, first);
          owner = first.phone();
        }
      }
      assertThat(listed).containsExactly(owner.id());
      for (Step step : Step.values()) {
        code = invite(hub);
        hub = restart(hub, pairUntil(hub, step));
      }
      assertThat(listed).hasSizeGreaterThanOrEqualTo(2);
    } finally {
      hub.close();
    }
  }

  private HubProcess restart(HubProcess hub, Left left) throws Exception {
    hub.kill();
    HubProcess next = HubProcess.start(state);
    assertWhole(next, left);
    return next;
  }

  private PairingCode invite(HubProcess hub) throws Exception {
    return Invitations.invitation(hub.port(), owner, "{\"role\":\"user\"}");
  }

  @Test
  @DisplayName("at random moments while it writes, leaves what it has answered")
  @Tag(HubSuite.HERE_ONLY)
  void random_moments() throws Exception {
    try (HubProcess hub = HubProcess.start(state)) {
      moveIn(hub);
    }
    for (int round = 0; round < 3; round++) {
      Left left;
      var cards = new ArrayList<String>();
      try (HubProcess hub = HubProcess.start(state)) {
        code = invite(hub);
        Thread killer =
            Thread.startVirtualThread(() -> {
              LockSupport.parkNanos(random.nextLong(400_000_000L));
              hub.kill();
            });
        left = pairUntil(hub, Step.AFTER_CONFIRM);
        printCards(hub, cards);
        killer.join();
      }
      assertThat(stored().path("phones").size()).isBetween(listed.size(), listed.size() + 1);
      if (!cards.isEmpty()) {
        cards.removeLast(); // that one counts, or one more whose answer was lost
        assertThat(cards).doesNotContain(stored().path("recoveryCard").asString(""));
      }
      try (HubProcess hub = HubProcess.start(state)) {
        assertWhole(hub, left);
      }
    }
  }

  /** Each one is another content of the file. */
  private void printCards(HubProcess hub, List<String> cards) {
    try {
      while (true) {
        String text =
            owner
                .send(hub.port(), "POST", "/v1/recovery-card", "")
                .json()
                .path("code")
                .asString("");
        cards.add(
            HexFormat.of()
                .formatHex(PairingCode.parse(text).secret().bytes(SecretAccess.insecure())));
      }
    } catch (IOException | dev.countersign.protocol.MalformedException e) {
      // the power has failed
    }
  }

  private JsonNode stored() throws IOException {
    return new JsonMapper().readTree(Files.readString(state.resolve("phones.json")));
  }

  @Test
  @DisplayName("in the middle of the file's replacement leaves a draft that counts for nothing")
  void draft() throws Exception {
    try (HubProcess hub = HubProcess.start(state)) {
      moveIn(hub);
    }
    Path file = state.resolve("phones.json");
    byte[] whole = Files.readAllBytes(file);
    String text = new String(whole, UTF_8);
    for (String draft :
        List.of(
            "", text.substring(0, text.length() / 2), text.replace(owner.id(), "0".repeat(16)))) {
      Files.writeString(state.resolve("phones.json.new"), draft);
      try (TestHub hub = TestHub.restart(state, 0)) {
        assertThat(owner.send(hub.port(), "GET", "/v1/state", "").status()).isEqualTo(200);
        var user = Invitations.invite(hub, owner, "Bob", "user");
        assertThat(owner.send(hub.port(), "DELETE", "/v1/phones/" + user.id(), "").status())
            .isEqualTo(204);
      }
    }
  }

  /** Pairs as far as this step, and kills the hub unless it is the last one. */
  private Left pairUntil(HubProcess hub, Step last) throws Exception {
    var phone = new TestPhone("Bob");
    boolean asked = false;
    try {
      if (last.compareTo(Step.AFTER_M1_WAS_SENT) <= 0) {
        cutOff(hub, phone, last == Step.AFTER_M1_WAS_SENT);
        return new Left(phone, false, false);
      }
      phone.request(hub.port(), code);
      if (last == Step.AFTER_M2) {
        hub.kill();
        return new Left(phone, false, false);
      }
      asked = true;
      if (last == Step.AFTER_CONFIRM_WAS_SENT) {
        confirmAndKill(hub, phone.identity());
        return new Left(phone, true, false);
      }
      boolean answered = phone.confirm(hub.port()).status() == 200;
      return new Left(phone, true, answered);
    } catch (IOException e) {
      return new Left(phone, asked, false); // the power failed earlier
    }
  }

  private void cutOff(HubProcess hub, TestPhone phone, boolean sendM1) throws Exception {
    try (TestPhone.Line line = TestPhone.Line.open(hub.port(), "cs-pair/1", null)) {
      if (sendM1) {
        byte[] body =
            PairingAttempt.begin(
                    PairingKeys.ofSecret(line.channelBinding(), code.secret(), code.hub()),
                    phone.keys(),
                    "Bob",
                    new SecureRandom())
                .request();
        write(line, "POST /pair", body);
      }
      hub.kill();
    }
  }

  private void confirmAndKill(HubProcess hub, TlsIdentity identity) throws IOException {
    try (TestPhone.Line line = TestPhone.Line.open(hub.port(), "cs/1", identity)) {
      write(line, "POST /confirm", new byte[0]);
      hub.kill();
    }
  }

  /** Sends a request, and waits for a moment that is another one each time. */
  private void write(TestPhone.Line line, String what, byte[] body) throws IOException {
    var out = line.socket().getOutputStream();
    out.write(
        (what + " HTTP/1.1\r\nHost: hub\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(UTF_8));
    out.write(body);
    out.flush();
    LockSupport.parkNanos(random.nextLong(20_000_000L));
  }

  /** What must hold when the power is back. */
  private void assertWhole(HubProcess hub, Left left) throws Exception {
    TestPhone phone = left.phone();
    boolean isListed = hub.phones().contains(phone.id());
    assertThat(isListed || !left.answered()).as("who got an answer is on the list").isTrue();
    assertThat(isListed && !left.asked()).as("who did not confirm is not").isFalse();
    if (isListed) {
      listed.add(phone.id());
      assertThat(phone.send(hub.port(), "GET", "/v1/state", "").status()).isEqualTo(200);
      assertThat(phone.confirm(hub.port()).status()).isEqualTo(200);
    } else if (left.asked()) {
      assertThat(phone.confirm(hub.port()).status()).isEqualTo(401);
    }
    assertList(hub);
    assertThat(new TestPhone("Eve").tryToPair(hub.port(), code).status())
        .as("the code from before")
        .isIn(403, 409);
    assertList(hub);
  }

  private void assertList(HubProcess hub) throws IOException {
    String list = hub.phones();
    assertThat(list.split("=").length - 1).as(list).isEqualTo(listed.size());
    assertThat(listed).allMatch(list::contains);
  }
}
