// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.SmallDisk;
import dev.countersign.protocol.pairing.PairingCode;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A hub whose disk is full")
class HubFullDiskTest {
  @TempDir private Path scratch = Path.of("");

  public static void main(String[] arguments) {
    SmallDisk.main(arguments, HubFullDiskTest::confirmsNothing);
  }

  @Test
  @DisplayName("puts nobody on its list, removes nobody, and goes on when there is room again")
  void confirms_nothing() throws Exception {
    SmallDisk.run(HubFullDiskTest.class, "confirms_nothing", 2, scratch);
  }

  private static void confirmsNothing(SmallDisk disk) throws Exception {
    Path state = disk.path().resolve("hub");
    var phone = new TestPhone("Bob");
    try (TestHub hub = TestHub.start(state, new TestMaker())) {
      TestPhone owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
      TestPhone user = Invitations.invite(hub, owner, "Cem", "user");
      PairingCode code = Invitations.invitation(hub.port(), owner, "{}");
      disk.fillUpTo(0);
      phone.request(hub.port(), code);
      assertThat(phone.confirm(hub.port()).problem()).isEqualTo("overload");
      assertThat(phone.send(hub.port(), "GET", "/v1/state", "").status()).isEqualTo(401);
      String path = "/v1/phones/" + user.id();
      assertThat(owner.send(hub.port(), "DELETE", path, "").problem()).isEqualTo("overload");
      assertThat(owner.send(hub.port(), "POST", "/v1/recovery-card", "").problem())
          .isEqualTo("overload");
      assertThat(user.command(hub.port(), "lock", "unlocked").status())
          .as("what needs no disk works")
          .isEqualTo(200);
      assertThat(hub.panel().phones()).hasSize(2);
      disk.makeRoom();
      assertThat(phone.confirm(hub.port()).status()).isEqualTo(200);
      assertThat(owner.send(hub.port(), "DELETE", path, "").status()).isEqualTo(204);
    }
    try (TestHub hub = TestHub.restart(state, 0)) {
      assertThat(hub.panel().phones()).hasSize(2);
      assertThat(phone.send(hub.port(), "GET", "/v1/state", "").status()).isEqualTo(200);
    }
  }
}
