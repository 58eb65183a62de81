// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.hub.Household;
import dev.countersign.integration.hub.TestHub;
import dev.countersign.integration.hub.TestMaker;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingKeys;
import dev.countersign.protocol.pairing.Role;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Codes that were used, photographed or collected pair nobody")
class SpentCodesTest {
  @TempDir private Path scratch;

  @Test
  @DisplayName("a code from the screen pairs once, and not in the next window")
  void screen_code() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      PairingCode code = hub.shown();
      new TestPhone("Ada").pair(hub.port(), code);
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), code).problem())
          .isEqualTo("pairing-closed");
      PairingCode next = hub.press();
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), code).problem())
          .isEqualTo("pairing-refused");
      new TestPhone("Bob").pair(hub.port(), next);
      assertThat(hub.panel().phones()).extracting(phone -> phone.name()).containsOnly("Ada", "Bob");
    }
  }

  @Test
  @DisplayName("a code that was photographed in one window is nothing in another")
  void photographed_code() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      PairingCode photographed = hub.shown();
      PairingCode now = hub.press();
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), photographed).problem())
          .isEqualTo("pairing-refused");
      assertThat(new TestPhone("Ada").tryToPair(hub.port(), now).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("a photograph of the label needs the button each time, and makes no second owner")
  void label() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      PairingCode label = hub.panel().label();
      // The window of an unowned hub that was just switched on is open, and nobody is there.
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), label).problem())
          .isEqualTo("pairing-refused");
      hub.panel().pressButton();
      TestPhone owner = new TestPhone("Ada").pair(hub.port(), label);
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), label).problem())
          .isEqualTo("pairing-closed");
      // An owner's "add phone" is for who stands at the screen, not for who has a photograph.
      Household.expect(200, owner.send(hub.port(), "POST", "/v1/window", "{\"role\":\"admin\"}"));
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), label).problem())
          .isEqualTo("pairing-refused");
      hub.panel().pressButton();
      var second = new TestPhone("Bob").request(hub.port(), label);
      assertThat(second.confirm(hub.port()).json().path("role").asString("")).isEqualTo("user");
    }
  }

  @Test
  @DisplayName("an invitation pairs once, and dies with a restart")
  void invitation() throws Exception {
    PairingCode unused;
    int port;
    try (Household house = Household.start(scratch)) {
      PairingCode used = house.invite(Role.USER);
      unused = house.invite(Role.USER);
      new TestPhone("Bob").pair(house.port(), used);
      assertThat(new TestPhone("Eve").tryToPair(house.port(), used).problem())
          .isEqualTo("pairing-refused");
      PairingCode fresh = house.invite(Role.USER);
      assertThat(new TestPhone("Cem").tryToPair(house.port(), fresh).status()).isEqualTo(200);
      port = house.port();
    }
    try (TestHub hub = TestHub.restart(scratch, port)) {
      assertThat(new TestPhone("Eve").tryToPair(port, unused).problem())
          .isEqualTo("pairing-closed");
      assertThat(hub.panel().phones()).hasSize(2);
    }
  }

  @Test
  @DisplayName("a recovery card pairs once, after the button, and not once there is another")
  void recovery_card() throws Exception {
    try (Household house = Household.start(scratch)) {
      PairingCode first = Household.code(house.send("POST", "/v1/recovery-card", ""));
      PairingCode card = Household.code(house.send("POST", "/v1/recovery-card", ""));
      assertThat(new TestPhone("Eve").tryToPair(house.port(), card).problem())
          .isEqualTo("pairing-closed");
      house.hub().panel().pressButton();
      assertThat(new TestPhone("Eve").tryToPair(house.port(), first).problem())
          .isEqualTo("pairing-refused");
      var back = new TestPhone("Ada").request(house.port(), card);
      assertThat(back.confirm(house.port()).json().path("role").asString("")).isEqualTo("owner");
      house.hub().panel().pressButton();
      assertThat(new TestPhone("Eve").tryToPair(house.port(), card).problem())
          .isEqualTo("pairing-refused");
    }
  }

  @Test
  @DisplayName("a phone with every code and every message of twenty pairings gets in by none")
  void collector() throws Exception {
    List<PairingCode> codes = new ArrayList<>();
    List<byte[]> bodies = new ArrayList<>();
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      for (int i = 0; i < 20; i++) {
        PairingCode code = i == 0 ? hub.shown() : hub.press();
        codes.add(code);
        var phone = new TestPhone("Phone " + i);
        try (TestPhone.Line line = TestPhone.Line.open(hub.port(), "cs-pair/1", null)) {
          byte[] body = body(line, code, phone);
          bodies.add(body);
          Household.expect(200, line.post("/pair", "application/cbor", body));
        }
      }
      // Each again, in windows that are open; the button makes room for more attempts.
      for (int i = 0; i < 20; i++) {
        if (i % 4 == 0) {
          hub.panel().pressButton();
          hub.shown();
        }
        var eve = new TestPhone("Eve");
        try (TestPhone.Line line = TestPhone.Line.open(hub.port(), "cs-pair/1", null)) {
          boolean replay = i % 2 == 0;
          byte[] body = replay ? bodies.get(i) : body(line, codes.get(i), eve);
          assertThat(line.post("/pair", "application/cbor", body).problem())
              .as("%s %d", replay ? "recorded message" : "code", i)
              .isEqualTo("pairing-refused");
        }
      }
      assertThat(hub.panel().phones()).isEmpty();
      PairingCode fresh = hub.press();
      assertThat(new TestPhone("Ada").tryToPair(hub.port(), fresh).status()).isEqualTo(200);
    }
  }

  private static byte[] body(TestPhone.Line line, PairingCode code, TestPhone phone)
      throws Exception {
    return PairingAttempt.begin(
            PairingKeys.ofSecret(line.channelBinding(), code.secret(), code.hub()),
            phone.keys(),
            "Eve",
            new SecureRandom())
        .request();
  }
}
