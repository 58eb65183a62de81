// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Many phones, and several hubs")
class HouseholdTest {
  /** Of the five phones; two are alike. */
  private static final List<String> ROLES = List.of("owner", "admin", "admin", "user", "guest");

  private static final int LONG_LIVE = 200;
  private static final long MIB = 1 << 20;

  @TempDir private Path scratch = Path.of("");

  private static List<TestPhone> moveIn(TestHub hub) throws Exception {
    var phones = new ArrayList<TestPhone>();
    phones.add(new TestPhone("0").pair(hub.port(), hub.shown()));
    for (int index = 1; index < ROLES.size(); index++) {
      phones.add(
          Invitations.invite(hub, phones.getFirst(), Integer.toString(index), ROLES.get(index)));
    }
    return phones;
  }

  /** docs/protocol.md, Pairing, once more in other words. */
  private static boolean decides(String by, String whom) {
    return by.equals("owner")
        || (by.equals("admin") && (whom.equals("user") || whom.equals("guest")));
  }

  @Test
  @DisplayName("five phones and three hubs: each hub lets its own phones do what their role may")
  void all_pairs() throws Exception {
    var maker = new TestMaker();
    try (TestHub first = TestHub.start(scratch.resolve("1"), maker);
        TestHub second = TestHub.start(scratch.resolve("2"), maker);
        TestHub third = TestHub.start(scratch.resolve("3"), maker)) {
      List<TestHub> hubs = List.of(first, second, third);
      var homes = new ArrayList<List<TestPhone>>();
      for (TestHub hub : hubs) {
        homes.add(moveIn(hub));
      }
      for (int home = 0; home < hubs.size(); home++) {
        for (TestPhone phone : homes.get(home)) {
          for (int other = 0; other < hubs.size(); other++) {
            assertThat(phone.send(hubs.get(other).port(), "GET", "/v1/state", "").status())
                .as("a phone of hub %d at hub %d", home, other)
                .isEqualTo(home == other ? 200 : 401);
          }
        }
        assertRoles(hubs.get(home), homes.get(home));
      }
    }
  }

  private static void assertRoles(TestHub hub, List<TestPhone> phones) throws Exception {
    for (int index = 0; index < ROLES.size(); index++) {
      assertDoes(hub, phones.get(index), ROLES.get(index));
    }
    for (int by = 0; by < ROLES.size(); by++) {
      for (int whom = 0; whom < ROLES.size(); whom++) {
        assertRenames(hub, phones, by, whom);
        assertRemoves(hub, phones, by, whom);
      }
    }
  }

  /** Commands, invitations, and what is the owner's alone. */
  private static void assertDoes(TestHub hub, TestPhone phone, String role) throws IOException {
    List<String> ranks = List.of("owner", "admin", "user", "guest");
    int rank = ranks.indexOf(role);
    List<String> commands = List.of("wipe", "alarm", "lock", "ring");
    for (int needed = 0; needed < ranks.size(); needed++) {
      assertThat(phone.command(hub.port(), commands.get(needed), "locked").status())
          .as("%s by %s", commands.get(needed), role)
          .isEqualTo(rank <= needed ? 200 : 403);
    }
    for (String invited : ranks) {
      boolean may = rank <= 1 && rank < ranks.indexOf(invited);
      String terms = "{\"role\":\"" + invited + "\"}";
      assertThat(phone.send(hub.port(), "POST", "/v1/invitations", terms).status())
          .as("%s invites %s", role, invited)
          .isEqualTo(may ? 201 : 403);
    }
    boolean owner = rank == 0;
    for (String path : List.of("/v1/window", "/v1/recovery-card", "/v1/transfer")) {
      assertThat(phone.send(hub.port(), "POST", path, "{}").status() < 300)
          .as("%s by %s", path, role)
          .isEqualTo(owner);
    }
    assertThat(phone.send(hub.port(), "DELETE", "/v1/window", "").status())
        .isEqualTo(owner ? 204 : 403);
    int seen = phone.send(hub.port(), "GET", "/v1/phones", "").json().size();
    assertThat(seen).as("phones that %s sees", role).isEqualTo(rank <= 1 ? ROLES.size() : 1);
  }

  private static void assertRenames(TestHub hub, List<TestPhone> phones, int by, int whom)
      throws IOException {
    boolean may = by == whom || decides(ROLES.get(by), ROLES.get(whom));
    String name = "{\"name\":\"" + whom + "\"}";
    String path = "/v1/phones/" + phones.get(whom).id();
    assertThat(phones.get(by).send(hub.port(), "PATCH", path, name).status())
        .as("%d renames %d", by, whom)
        .isEqualTo(may ? 200 : 403);
  }

  private static void assertRemoves(TestHub hub, List<TestPhone> phones, int by, int whom)
      throws Exception {
    boolean may = by == whom || decides(ROLES.get(by), ROLES.get(whom));
    String path = "/v1/phones/" + phones.get(whom).id();
    int status = phones.get(by).send(hub.port(), "DELETE", path, "").status();
    if (whom == 0) {
      assertThat(status).as("%d removes the last owner", by).isEqualTo(by == 0 ? 409 : 403);
      return;
    }
    assertThat(status).as("%d removes %d", by, whom).isEqualTo(may ? 204 : 403);
    assertThat(phones.get(whom).send(hub.port(), "GET", "/v1/hub", "").status())
        .isEqualTo(may ? 401 : 200);
    if (may) {
      phones.set(
          whom,
          Invitations.invite(hub, phones.getFirst(), Integer.toString(whom), ROLES.get(whom)));
    }
  }

  @Test
  @DisplayName("sixteen phones are on one hub and all hear and control; the seventeenth is told")
  @Tag(HubSuite.HERE_ONLY)
  void sixteen() throws Exception {
    try (TestHub hub = TestHub.start(scratch.resolve("hub"), new TestMaker())) {
      TestPhone owner = new TestPhone("0").pair(hub.port(), hub.shown());
      var phones = new ArrayList<TestPhone>(List.of(owner));
      while (phones.size() < 16) {
        phones.add(Invitations.invite(hub, owner, Integer.toString(phones.size()), "user"));
      }
      PairingCode one = Invitations.invitation(hub.port(), owner, "{}");
      assertThat(new TestPhone("17").tryToPair(hub.port(), one).problem()).isEqualTo("phones-full");
      var streams = new ArrayList<TestEvents>();
      try {
        for (TestPhone phone : phones) {
          streams.add(TestEvents.open(phone, hub.port()));
        }
        for (TestPhone phone : phones) {
          assertThat(phone.command(hub.port(), "lock", "unlocked").status()).isEqualTo(200);
        }
        for (TestEvents stream : streams) {
          stream.await(event -> event.path("state").path("done").asInt(0) == 16);
        }
      } finally {
        for (TestEvents stream : streams) {
          stream.close();
        }
      }
      owner.send(hub.port(), "DELETE", "/v1/phones/" + phones.getLast().id(), "");
      new TestPhone("17").pair(hub.port(), one);
    }
  }

  @Test
  @DisplayName("two hundred pairings in a row, with removals, leave nothing behind")
  @Tag(HubSuite.HERE_ONLY)
  void two_hundred() throws Exception {
    try (TestHub hub = TestHub.start(scratch.resolve("hub"), new TestMaker())) {
      TestPhone owner = new TestPhone("0").pair(hub.port(), hub.shown());
      var guests = new ArrayList<TestPhone>();
      int files = 0;
      long heap = 0;
      int threads = 0;
      for (int pairing = 1; pairing <= LONG_LIVE; pairing++) {
        guests.add(Invitations.invite(hub, owner, Integer.toString(pairing), "guest"));
        assertThat(guests.getLast().command(hub.port(), "ring", "x").status()).isEqualTo(200);
        while (guests.size() > 5 + pairing % 5) {
          String path = "/v1/phones/" + guests.removeFirst().id();
          assertThat(owner.send(hub.port(), "DELETE", path, "").status()).isEqualTo(204);
        }
        if (pairing == LONG_LIVE / 4) {
          files = openFiles();
          threads = ManagementFactory.getThreadMXBean().getThreadCount();
          heap = heap();
        }
      }
      int filesThen = files;
      await().untilAsserted(() -> assertThat(openFiles()).isLessThanOrEqualTo(filesThen + 2));
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
          .isLessThanOrEqualTo(threads + 2);
      assertThat(heap() - heap).as("heap that 150 pairings left behind").isLessThan(4 * MIB);
      assertThat(hub.panel().phones()).hasSize(guests.size() + 1);
      assertThat(Files.size(hub.state().resolve("phones.json"))).isLessThan(64 * 1024);
    }
  }

  private static int openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return (int) files.count();
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
