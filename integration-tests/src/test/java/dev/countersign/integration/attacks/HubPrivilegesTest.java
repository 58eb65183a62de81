// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.phones.Phone;
import dev.countersign.integration.attacks.HubRoutes.Asked;
import dev.countersign.integration.hub.Household;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.integration.hub.TestPhone.Reply;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("No phone gets beyond its role")
class HubPrivilegesTest {
  @TempDir private Path scratch;

  private Household house;
  private final Map<Role, TestPhone> phones = new EnumMap<>(Role.class);

  @BeforeEach
  void start() throws Exception {
    house = Household.start(scratch);
    phones.put(Role.OWNER, house.owner());
    for (Role role : List.of(Role.ADMIN, Role.USER, Role.GUEST)) {
      phones.put(role, house.add("The " + role.wireName(), role));
    }
  }

  @AfterEach
  void stop() throws Exception {
    house.close();
  }

  private TestPhone phone(Role role) {
    return Objects.requireNonNull(phones.get(role));
  }

  private Reply ask(Role role, String method, String path, String body) throws IOException {
    return phone(role).send(house.port(), method, path, body);
  }

  private Map<String, Role> roles() {
    var roles = new java.util.TreeMap<String, Role>();
    house.hub().panel().phones().forEach(phone -> roles.put(phone.name(), phone.role()));
    return roles;
  }

  @Test
  @DisplayName("each route refuses each role below its own, does nothing, and serves the others")
  void every_route_and_role() throws Exception {
    for (Asked route : HubRoutes.ROUTES) {
      for (Role role : Role.values()) {
        int before = house.hub().door().done().size();
        Reply reply = ask(role, route.method(), route.path(), route.body());
        if (role.includes(route.least())) {
          assertThat(reply.status()).as("%s as %s: %s", route, role, reply).isBetween(200, 204);
        } else {
          assertThat(reply.status()).as("%s as %s: %s", route, role, reply).isEqualTo(403);
          assertThat(reply.problem()).isEqualTo("role");
          assertThat(house.hub().door().done()).hasSize(before);
        }
      }
    }
  }

  @Test
  @DisplayName("and nobody at all, with a certificate or without")
  void every_route_and_stranger() throws Exception {
    for (Asked route : HubRoutes.ROUTES) {
      try (Line line = Line.open(house.port(), "cs/1", null)) {
        Reply reply =
            line.send(
                route.method(), route.path(), "application/json", route.body().getBytes(UTF_8));
        assertThat(reply.problem()).as("%s", route).isEqualTo("unauthorized");
      }
    }
    assertThat(house.hub().door().done()).isEmpty();
  }

  @Test
  @DisplayName("a role decides about the roles below it: removal, role, name, end")
  void decisions_about_others() throws Exception {
    Map<Role, TestPhone> victims = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      victims.put(role, house.add("Another " + role.wireName(), role));
    }
    Map<String, Role> before = roles();
    for (Role by : Role.values()) {
      for (Role about : Role.values()) {
        if (by == Role.OWNER || (by == Role.ADMIN && by.isAbove(about))) {
          continue;
        }
        String path = "/v1/phones/" + Objects.requireNonNull(victims.get(about)).id();
        assertThat(ask(by, "DELETE", path, "").problem()).isEqualTo("role");
        for (String change :
            List.of(
                "{\"name\":\"Mallory\"}",
                "{\"role\":\"guest\"}",
                "{\"role\":\"" + by.wireName() + "\"}",
                "{\"role\":\"guest\",\"expires\":\"2000-01-01T00:00:00Z\"}",
                "{\"expires\":null}")) {
          assertThat(ask(by, "PATCH", path, change).problem())
              .as("%s about %s: %s", by, about, change)
              .isEqualTo("role");
        }
      }
    }
    assertThat(roles()).isEqualTo(before);
    for (Role about : Role.values()) {
      String path = "/v1/phones/" + Objects.requireNonNull(victims.get(about)).id();
      Role by = Role.ADMIN.isAbove(about) ? Role.ADMIN : Role.OWNER;
      assertThat(ask(by, "PATCH", path, "{\"name\":\"Renamed\"}").status()).isEqualTo(200);
      assertThat(ask(by, "DELETE", path, "").status()).isEqualTo(204);
    }
  }

  @Test
  @DisplayName("nobody gives itself or others a role that it may not give")
  void escalation() throws Exception {
    for (Role by : List.of(Role.ADMIN, Role.USER, Role.GUEST)) {
      String itself = "/v1/phones/" + phone(by).id();
      for (Role wanted : Role.values()) {
        assertThat(ask(by, "PATCH", itself, "{\"role\":\"" + wanted.wireName() + "\"}").problem())
            .as("%s makes itself %s", by, wanted)
            .isEqualTo("role");
      }
      assertThat(ask(by, "PATCH", itself, "{\"name\":\"It\",\"role\":\"owner\"}").problem())
          .isEqualTo("role");
      assertThat(ask(by, "POST", "/v1/transfer", "{\"to\":\"" + phone(by).id() + "\"}").problem())
          .isEqualTo("role");
    }
    String user = "/v1/phones/" + phone(Role.USER).id();
    for (Role wanted : List.of(Role.OWNER, Role.ADMIN)) {
      assertThat(
              ask(Role.ADMIN, "PATCH", user, "{\"role\":\"" + wanted.wireName() + "\"}").problem())
          .isEqualTo("role");
      assertThat(
              ask(Role.ADMIN, "POST", "/v1/invitations", "{\"role\":\"" + wanted.wireName() + "\"}")
                  .problem())
          .isEqualTo("role");
    }
    assertThat(ask(Role.OWNER, "POST", "/v1/invitations", "{\"role\":\"owner\"}").problem())
        .isEqualTo("role");
    assertThat(ask(Role.OWNER, "POST", "/v1/window", "{\"role\":\"owner\"}").status())
        .isEqualTo(400);
    assertThat(roles().values()).containsOnlyOnce(Role.OWNER);
    assertThat(ask(Role.ADMIN, "PATCH", user, "{\"role\":\"guest\"}").status()).isEqualTo(200);
    assertThat(
            ask(
                    Role.GUEST,
                    "PATCH",
                    "/v1/phones/" + phone(Role.GUEST).id(),
                    "{\"name\":\"A better name\"}")
                .status())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("the last owner stays: not removed, not made less, not lost in a transfer to itself")
  void last_owner() throws Exception {
    String owner = "/v1/phones/" + house.owner().id();
    assertThat(house.send("DELETE", owner, "").problem()).isEqualTo("last-owner");
    for (Role role : List.of(Role.ADMIN, Role.USER, Role.GUEST)) {
      assertThat(house.send("PATCH", owner, "{\"role\":\"" + role.wireName() + "\"}").problem())
          .isEqualTo("last-owner");
    }
    assertThat(ask(Role.ADMIN, "DELETE", owner, "").problem()).isEqualTo("role");
    assertThat(
            house.send("POST", "/v1/transfer", "{\"to\":\"" + house.owner().id() + "\"}").status())
        .isIn(400, 404, 409);
    assertThat(house.send("POST", "/v1/transfer", "{\"to\":\"0000000000000000\"}").status())
        .isEqualTo(404);
    assertThat(house.hub().panel().remove(house.owner().id()))
        .isInstanceOf(dev.countersign.hub.HubPanel.Removal.LastOwner.class);
    assertThat(roles()).containsEntry("Olga", Role.OWNER);
    // With another owner all of it goes.
    house.add("Oz", Role.OWNER);
    assertThat(house.send("DELETE", owner, "").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("of two owners that remove each other at once, one stays")
  void owners_race() throws Exception {
    TestPhone second = house.add("Oz", Role.OWNER);
    try (Line a = house.owner().connect(house.port());
        Line b = second.connect(house.port());
        var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(() -> end(a, second));
      var two = threads.submit(() -> end(b, house.owner()));
      one.get();
      two.get();
    }
    assertThat(house.hub().panel().isOwned()).isTrue();
    assertThat(roles().values()).containsOnlyOnce(Role.OWNER);
  }

  private static boolean end(Line line, TestPhone other) {
    try {
      return line.send("DELETE", "/v1/phones/" + other.id(), "application/json", new byte[0])
              .status()
          == 204;
    } catch (IOException e) {
      return false; // cut off first
    }
  }

  @Test
  @DisplayName("a guest with an end is out while nobody has told the hub the time, and after it")
  void guest_with_an_end() throws Exception {
    String body = "{\"role\":\"guest\",\"expires\":\"2090-01-01T00:00:00Z\"}";
    var code = Household.code(house.send("POST", "/v1/invitations", body));
    var guest = new TestPhone("Gia").pair(house.port(), code);
    assertThat(guest.command(house.port(), "ring", "now").problem()).isEqualTo("time-unknown");
    Household.expect(200, setTime("2089-12-31T23:00:00Z"));
    assertThat(guest.command(house.port(), "ring", "now").status()).isEqualTo(200);
    String itself = "/v1/phones/" + guest.id();
    assertThat(guest.send(house.port(), "PATCH", itself, "{\"expires\":null}").problem())
        .isEqualTo("role");
    assertThat(
            guest
                .send(house.port(), "PUT", "/v1/time", "{\"time\":\"2089-12-31T23:30:00Z\"}")
                .problem())
        .isEqualTo("role");
    Household.expect(200, setTime("2090-01-01T00:00:00Z"));
    assertThat(guest.command(house.port(), "ring", "now").problem()).isEqualTo("access-ended");
    // Never back.
    assertThat(setTime("2089-12-31T00:00:00Z").problem()).isEqualTo("time-rewind");
    assertThat(guest.command(house.port(), "ring", "now").problem()).isEqualTo("access-ended");
    // Without an end it does not matter.
    assertThat(ask(Role.GUEST, "POST", "/v1/commands", "{\"ring\":true}").status()).isEqualTo(200);
  }

  private Reply setTime(String time) throws IOException {
    return house.send("PUT", "/v1/time", "{\"time\":\"" + time + "\"}");
  }

  @Test
  @DisplayName("no time that an owner tells breaks the hub")
  void absurd_times() throws Exception {
    for (String time :
        List.of(
            "+1000000000-12-31T23:59:59.999999999Z",
            "+10000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z")) {
      assertThat(setTime(time).status()).as(time).isEqualTo(400);
    }
    assertThat(setTime("-1000000000-01-01T00:00:00Z").problem()).isEqualTo("time-rewind");
    assertThat(ask(Role.USER, "GET", "/v1/state", "").status()).isEqualTo(200);
    assertThat(setTime("2099-01-01T00:00:00Z").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("names that look like others', or like ids, confuse nobody")
  void names() throws Exception {
    String itself = "/v1/phones/" + phone(Role.GUEST).id();
    for (String name : List.of("Olga\\u202e", "\\u200bOlga", "\\u0007", " Olga", "Olga ", "")) {
      assertThat(ask(Role.GUEST, "PATCH", itself, "{\"name\":\"" + name + "\"}").status())
          .as(name)
          .isEqualTo(400);
    }
    String victim = phone(Role.USER).id();
    assertThat(ask(Role.GUEST, "PATCH", itself, "{\"name\":\"" + victim + "\"}").status())
        .isEqualTo(200);
    assertThat(house.hub().panel().remove(victim))
        .isInstanceOf(dev.countersign.hub.HubPanel.Removal.Removed.class);
    assertThat(house.hub().panel().phones()).extracting(Phone::role).doesNotContain(Role.USER);
  }
}
