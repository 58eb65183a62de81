// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.Program;
import dev.countersign.integration.hub.Household;
import dev.countersign.integration.hub.TestHub;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A phone that is removed is out at once, and stays out")
class RemovedPhoneTest {
  /** Less than a silent connection may stay, and than the close of a WebSocket may take. */
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir private Path scratch;

  private Household house;
  private TestPhone kept;
  private TestPhone removed;

  @BeforeEach
  void start() throws Exception {
    house = Household.start(scratch.resolve("hub"));
    kept = house.add("Kim", Role.USER);
    removed = house.add("Rob", Role.USER);
  }

  @AfterEach
  void stop() throws Exception {
    house.close();
  }

  private void remove() throws IOException {
    Household.expect(204, house.send("DELETE", "/v1/phones/" + removed.id(), ""));
  }

  @Test
  @DisplayName("its open connection does nothing more, and is cut")
  void open_connection() throws Exception {
    try (Line line = removed.connect(house.port());
        Line idle = removed.connect(house.port());
        Line other = kept.connect(house.port())) {
      assertThat(unlock(line).status()).isEqualTo(200);
      assertThat(idle.get("/v1/state").status()).isEqualTo(200);
      remove();
      assertThat(answerOrEnd(line)).isIn("unauthorized", "");
      await().atMost(SOON).until(() -> isCut(idle));
      assertThat(unlock(other).status()).isEqualTo(200);
      assertThat(house.hub().door().done())
          .extracting(done -> done.phone())
          .containsExactly("Rob", "Kim");
    }
  }

  private static TestPhone.Reply unlock(Line line) throws IOException {
    return line.post("/v1/commands", "application/json", "{\"lock\":\"unlocked\"}".getBytes(UTF_8));
  }

  private static String answerOrEnd(Line line) {
    try {
      return unlock(line).problem();
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether the hub has ended it: nothing is asked. */
  private static boolean isCut(Line line) throws IOException {
    line.socket().setSoTimeout(50);
    try {
      return line.socket().getInputStream().skip(Long.MAX_VALUE) >= 0
          && line.socket().getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  @DisplayName("its events end with a word, and the others' go on")
  void events() throws Exception {
    try (Line line = removed.connect(house.port());
        Line other = kept.connect(house.port())) {
      for (Line each : new Line[] {line, other}) {
        each.socket().getOutputStream().write(UPGRADE.getBytes(ISO_8859_1));
        assertThat(until(each, "\"type\":\"state\"")).contains(" 101 ");
      }
      remove();
      assertThat(until(line, "\"type\":\"removed\"")).doesNotContain("Kim");
      await().atMost(SOON).until(() -> isCut(line));
      house.owner().command(house.port(), "lock", "unlocked");
      assertThat(until(other, "\"unlocked\"")).doesNotContain("\"removed\"");
    }
  }

  private static final String UPGRADE =
      String.join(
          "\r\n",
          "GET /v1/events HTTP/1.1",
          "Host: hub",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "\r\n");

  private static String until(Line line, String wanted) throws IOException {
    var seen = new StringBuilder();
    while (seen.indexOf(wanted) < 0) {
      int c = line.socket().getInputStream().read();
      if (c < 0) {
        throw new IOException("ended after " + seen);
      }
      seen.append((char) c);
    }
    return seen.toString();
  }

  @Test
  @DisplayName("a guest's events end with its time, though its phone does not answer the word")
  void lapsed_guest() throws Exception {
    String terms = "{\"role\":\"guest\",\"expires\":\"2101-01-01T00:00:00Z\"}";
    PairingCode code = Household.code(house.send("POST", "/v1/invitations", terms));
    TestPhone guest = new TestPhone("Gus").pair(house.port(), code);
    setTime("2100-12-31T00:00:00Z");
    try (Line line = guest.connect(house.port());
        Line other = kept.connect(house.port())) {
      for (Line each : new Line[] {line, other}) {
        each.socket().getOutputStream().write(UPGRADE.getBytes(ISO_8859_1));
        assertThat(until(each, "\"type\":\"state\"")).contains(" 101 ");
      }
      setTime("2101-01-01T00:00:00Z");
      await().atMost(SOON).until(() -> isCut(line));
      assertThat(isCut(other)).isFalse();
    }
  }

  private void setTime(String time) throws IOException {
    Household.expect(200, house.send("PUT", "/v1/time", "{\"time\":\"" + time + "\"}"));
  }

  @Test
  @DisplayName("it does not come back: reconnecting, confirming again, opening events, pairing")
  void reconnect() throws Exception {
    assertThat(removed.command(house.port(), "lock", "unlocked").status()).isEqualTo(200);
    remove();
    assertThat(removed.command(house.port(), "lock", "locked").problem()).isEqualTo("unauthorized");
    assertThat(removed.confirm(house.port()).problem()).isEqualTo("unauthorized");
    try (Line line = removed.connect(house.port())) {
      line.socket().getOutputStream().write(UPGRADE.getBytes(ISO_8859_1));
      assertThat(line.read().problem()).isEqualTo("unauthorized");
    }
    assertThat(kept.command(house.port(), "lock", "locked").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("removed while it was away, and the hub off in between: refused when it is back")
  void while_away() throws Exception {
    remove();
    int port = house.port();
    house.close();
    try (TestHub hub = TestHub.restart(scratch.resolve("hub"), port)) {
      assertThat(removed.command(port, "lock", "unlocked").problem()).isEqualTo("unauthorized");
      assertThat(kept.command(port, "lock", "unlocked").status()).isEqualTo(200);
      assertThat(hub.panel().phones()).hasSize(2);
    }
  }

  @Test
  @DisplayName("what it granted ends with it: invitations, windows, phones about to confirm")
  void what_it_granted() throws Exception {
    TestPhone admin = house.add("Ann", Role.ADMIN);
    TestPhone owner = house.add("Oz", Role.OWNER);
    PairingCode own = house.invite(Role.USER);
    PairingCode left = house.invite(admin, Role.USER);
    PairingCode handover = Household.code(owner.send(house.port(), "POST", "/v1/transfer", "{}"));
    var pending = new TestPhone("Pia").request(house.port(), house.invite(owner, Role.ADMIN));
    for (TestPhone each : new TestPhone[] {admin, owner}) {
      Household.expect(204, house.send("DELETE", "/v1/phones/" + each.id(), ""));
    }
    assertThat(pending.confirm(house.port()).problem()).isEqualTo("unauthorized");
    assertThat(new TestPhone("Eve").tryToPair(house.port(), left).problem())
        .isEqualTo("pairing-refused");
    assertThat(new TestPhone("Eve").tryToPair(house.port(), handover).problem())
        .isEqualTo("pairing-refused");
    assertThat(new TestPhone("Bob").tryToPair(house.port(), own).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("who is less than before loses what it granted as more")
  void what_it_granted_as_more() throws Exception {
    TestPhone admin = house.add("Ann", Role.ADMIN);
    PairingCode code = house.invite(admin, Role.USER);
    PairingCode other = house.invite(admin, Role.USER);
    assertThat(new TestPhone("Bob").pair(house.port(), other).id()).isNotEmpty();
    Household.expect(200, house.send("PATCH", "/v1/phones/" + admin.id(), "{\"role\":\"guest\"}"));
    // Nothing else is out, so that the hub takes no phones at all.
    assertThat(new TestPhone("Eve").tryToPair(house.port(), code).problem())
        .isEqualTo("pairing-closed");
  }

  @Test
  @DisplayName(
      "there is no ticket to come back with; a server that gives them shows the difference")
  void ticket() throws Exception {
    var openssl = Program.in(Files.createDirectories(scratch.resolve("tls")), "openssl");
    Files.writeString(scratch.resolve("tls/phone.pem"), removed.identity().insecureToPem());
    try (EvilTwin resumes = EvilTwin.before(house.port(), EvilTwin.of(house.hub().identity()))) {
      assertThat(again(openssl, resumes.port())).contains("Reused, TLSv1.3");
    }
    assertThat(again(openssl, house.port()))
        .contains("New, TLSv1.3")
        .doesNotContain("Reused")
        .doesNotContain("New Session Ticket arrived");
  }

  /** Connects, keeps what can be kept, and connects with that. */
  private static String again(Program openssl, int port) {
    String[] common = {
      "s_client",
      "-connect",
      "localhost:" + port,
      "-alpn",
      "cs/1",
      "-cert",
      "phone.pem",
      "-key",
      "phone.pem",
      "-ign_eof"
    };
    String request = "GET /v1/state HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";
    Program.Run first = openssl.runWith(request, with(common, "-sess_out", "session.pem"));
    if (!Files.exists(Path.of("session.pem")) && first.output().isEmpty()) {
      return "nothing";
    }
    return openssl.runWith(request, with(common, "-sess_in", "session.pem")).output();
  }

  private static String[] with(String[] common, String... more) {
    return java.util.stream.Stream.concat(
            java.util.Arrays.stream(common), java.util.Arrays.stream(more))
        .toArray(String[]::new);
  }
}
