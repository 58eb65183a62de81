// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.PairingCode;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Pairing with a hub")
class TwoPhonesTest {
  @TempDir private Path scratch;

  @Test
  @DisplayName("the first phone becomes the owner, invites another, and both control")
  void two_phones() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      TestPhone owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
      assertThat(owner.command(hub.port(), "lock", "unlocked").json().path("lock").asString(""))
          .isEqualTo("unlocked");
      var invited = owner.send(hub.port(), "POST", "/v1/invitations", "{\"role\":\"user\"}");
      assertThat(invited.status()).isEqualTo(201);
      PairingCode code = PairingCode.parse(invited.json().path("code").asString(""));
      TestPhone user = new TestPhone("Bob").pair(hub.port(), code);
      assertThat(user.command(hub.port(), "lock", "locked").status()).isEqualTo(200);
      assertThat(user.command(hub.port(), "wipe", "all").problem()).isEqualTo("role");
      assertThat(hub.door().done()).extracting(done -> done.phone()).containsExactly("Ada", "Bob");
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), code).problem())
          .isEqualTo("pairing-closed");
    }
  }

  @Test
  @DisplayName("a code that is typed pairs through SPAKE2+")
  void typed_code() throws Exception {
    try (TestHub hub = TestHub.start(scratch, new TestMaker())) {
      var screen = hub.panel().screen().orElseThrow();
      assertThat(screen.manual().digits(SecretAccess.insecure())).hasSize(10);
      var phone = new TestPhone("Ada");
      var reply =
          phone.tryToPair(
              hub.port(), hub.identity().id(), hub.identity().keyHash(), screen.manual());
      assertThat(reply.status()).as("%s", reply).isEqualTo(200);
      assertThat(phone.confirm(hub.port()).json().path("role").asString("")).isEqualTo("owner");
      assertThat(hub.panel().isOwned()).isTrue();
    }
  }
}
