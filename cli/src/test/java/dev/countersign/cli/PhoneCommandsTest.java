// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.hub.example.DoorAndThermostat;
import dev.countersign.hub.factory.TrialMaker;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.hub.qr.QrPicture;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.PairingCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("Commands of a phone, at a running hub")
class PhoneCommandsTest {
  @TempDir private Path scratch;

  private TestInstallation installation;
  private Hub hub;

  @BeforeEach
  void open() throws Exception {
    installation = new TestInstallation(scratch);
    hub = startHub("hub");
  }

  @AfterEach
  void close() throws Exception {
    hub.close();
  }

  private Hub startHub(String name) throws Exception {
    Path state = Files.createDirectory(scratch.resolve(name));
    TrialMaker.provision(new HubIdentityFile(state), installation.now, new SecureRandom());
    return Hub.open(
        HubOptions.of(state, 0).on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        new DoorAndThermostat(System::nanoTime));
  }

  private TestInstallation.Outcome phone(String state, String... words) {
    var all = new ArrayList<>(List.of("phone"));
    all.addAll(List.of(words));
    all.addAll(List.of("--state", scratch.resolve(state).toString()));
    return installation.run(all.toArray(String[]::new));
  }

  private JsonNode json(String state, String... words) {
    var all = new ArrayList<>(List.of(words));
    all.add("--json");
    TestInstallation.Outcome outcome = phone(state, all.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return JsonMapper.shared().readTree(outcome.out());
  }

  private static String text(PairingCode code) {
    return code.text(SecretAccess.insecure());
  }

  private String shown() {
    return text(hub.panel().screen().orElseThrow().code());
  }

  private static String at(Hub hub) {
    return "localhost:" + hub.port();
  }

  private void pairOwner() {
    assertThat(json("a", "pair", shown(), "--name", "A", "--address", at(hub)).path("role"))
        .hasToString("\"owner\"");
  }

  private static void assertFailed(
      TestInstallation.Outcome outcome, int exitCode, String cause, String advice) {
    assertThat(outcome.err()).startsWith("✘ ").contains(cause).contains("→ ").contains(advice);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(exitCode);
  }

  @Test
  @DisplayName("pair shows the recovery card once, and never the code it was given")
  void pairs() {
    String code = shown();
    TestInstallation.Outcome outcome =
        phone("a", "pair", code, "--name", "A", "--address", at(hub));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("✔ paired with hub " + hub.identity().id(), "as owner", "recovery card", "CS1:")
        .doesNotContain(code);
    assertThat(phone("a", "list").out()).contains(hub.identity().id().toString(), "owner");
    assertThat(phone("a", "status").out()).contains("lock", "locked", "this phone", "A");
  }

  @Test
  @DisplayName("pair reads a code from a picture, and from a file")
  void pairs_from_picture_and_file() throws Exception {
    Path picture = scratch.resolve("code.png");
    Files.write(picture, QrPicture.of(shown()).png(8));
    assertThat(json("a", "pair", picture.toString(), "--name", "A", "--address", at(hub)))
        .isNotNull();

    Path file = scratch.resolve("code.txt");
    Files.writeString(file, json("a", "invite", "--role", "user").path("code").asString() + "\n");
    JsonNode paired = json("b", "pair", "@" + file, "--name", "B", "--address", at(hub));
    assertThat(paired.path("role").asString()).isEqualTo("user");
    assertThat(paired.path("recoveryCard").isNull()).isTrue();
  }

  @Test
  @DisplayName("scan says what a code is, and never its secret")
  void scans_without_secret() throws Exception {
    Path picture = scratch.resolve("code.png");
    String code = shown();
    Files.write(picture, QrPicture.of(code).png(8));
    for (String given : List.of(picture.toString(), code)) {
      TestInstallation.Outcome outcome = installation.run("phone", "scan", given);
      assertThat(outcome.out())
          .contains(hub.identity().id().toString(), hub.identity().keyHash().hex(), "owner")
          .doesNotContain("CS1:");
    }
  }

  @Test
  @DisplayName("command, invite, change, phones, set-time, transfer, remove, forget")
  void whole_life() {
    pairOwner();
    assertThat(json("a", "command", "target=21.5").path("target").asDouble()).isEqualTo(21.5);
    String code =
        json("a", "invite", "--role", "guest", "--until", "2099-12-31").path("code").asString();
    json("b", "pair", code, "--name", "B", "--address", at(hub));
    JsonNode changed =
        json("a", "change", "B", "--name", "Bert", "--role", "user", "--until", "never");
    assertThat(changed.path("name").asString()).isEqualTo("Bert");
    assertThat(changed.path("role").asString()).isEqualTo("user");
    assertThat(changed.path("expires").isNull()).isTrue();
    assertThat(phone("a", "phones").out()).contains("Bert", "A (this one)");
    assertThat(json("a", "set-time", "--time", "2099-01-01T00:00:00Z").path("time").asString())
        .startsWith("2099-01-01T00:00:0");
    assertThat(json("a", "recovery-card").path("code").asString()).startsWith("CS1:");

    assertThat(phone("a", "transfer", "--to", "Bert").out()).contains("owns the hub now");
    assertThat(phone("b", "remove", "A").out()).contains("A (");
    assertFailed(
        phone("a", "status"), 1, "does not know this phone any more", "phone forget --state");
    assertThat(phone("a", "forget").exitCode()).isZero();
    assertThat(phone("a", "list").out()).contains("no hubs yet");
  }

  @Test
  @DisplayName("a recovery card can be written as a picture, for its owner alone")
  void recovery_card_as_picture() throws Exception {
    pairOwner();
    Path picture = scratch.resolve("card.svg");
    assertThat(phone("a", "recovery-card", "--svg", picture.toString()).exitCode()).isZero();
    assertThat(Files.readString(picture)).contains("<svg");
    assertThat(installation.permissions(picture)).isEqualTo("rw-------");
  }

  @Test
  @DisplayName("another hub at the address is named, with what to do")
  void names_the_other_hub() throws Exception {
    pairOwner();
    try (Hub other = startHub("other")) {
      TestInstallation.Outcome outcome = phone("a", "status", "--address", at(other));
      assertFailed(outcome, 1, "what answers at localhost:" + other.port(), "nothing was sent");

      String code = text(other.panel().screen().orElseThrow().code());
      assertFailed(
          phone("b", "pair", code, "--name", "B", "--address", at(hub)),
          1,
          "another hub answers at " + at(hub) + ": expected hub " + other.identity().id(),
          "nothing was sent");
    }
  }

  @Test
  @DisplayName("each refusal has its advice and its exit code")
  void refusals() throws Exception {
    assertFailed(phone("none", "status"), 1, "is no phone", "phone pair CODE");
    assertFailed(
        phone("a", "pair", "CS1:AAAA", "--name", "A", "--address", at(hub)),
        1,
        "this is no code of a hub",
        "10 digits");
    assertFailed(
        phone("a", "pair", "1234567890", "--name", " ", "--address", at(hub)),
        2,
        "--name",
        "such as");
    Path noPicture = Files.writeString(scratch.resolve("x.png"), "x");
    assertFailed(
        phone("a", "pair", noPicture.toString(), "--name", "A", "--address", at(hub)),
        1,
        "neither a code nor a picture",
        "PNG");
    String code = shown();
    assertFailed(
        phone("a", "pair", code, "--name", "A", "--address", "localhost:1"),
        3,
        "connection refused",
        "countersign phone scan");
    pairOwner();
    assertFailed(phone("a", "command", "lock"), 2, "expected NAME=VALUE", "lock=locked");
    assertFailed(phone("a", "command", "lock=ajar"), 1, "the hub answered", "");
    assertFailed(phone("a", "remove", "Zoe"), 1, "no phone of that id or name", "phones");
    assertFailed(
        phone("b", "pair", code, "--name", "B", "--address", at(hub)),
        1,
        "takes no phones at the moment",
        "press its button");
    hub.panel().pressButton();
    assertFailed(
        phone("b", "pair", code, "--name", "B", "--address", at(hub)),
        1,
        "refuses this code",
        "read a new one");
  }

  @Test
  @DisplayName("the state of a phone is its owner's alone")
  void state_is_private() throws Exception {
    pairOwner();
    assertThat(installation.permissions(scratch.resolve("a"))).isEqualTo("rwx------");
    try (var files = Files.walk(scratch.resolve("a"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        assertThat(installation.permissions(file)).as(file.toString()).isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain("CS1:");
      }
    }
  }
}
