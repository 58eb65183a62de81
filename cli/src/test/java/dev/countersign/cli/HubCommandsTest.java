// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.HubPanel;
import dev.countersign.hub.control.ControlSocket;
import dev.countersign.hub.page.HubFacts;
import dev.countersign.hub.pairing.Screen;
import dev.countersign.hub.phones.Phone;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("Commands that ask a running hub")
class HubCommandsTest {
  private static final HubId ID = HubId.wrap(new byte[8]);
  private static final Sha256 KEY = Sha256.of(new byte[] {1});
  private static final HubFacts FACTS =
      new HubFacts("Front door", "Door", "SN-1", ID, KEY, Sha256.of(new byte[] {2}));

  @TempDir private Path scratch;

  private final Panel panel = new Panel();
  private TestInstallation installation;
  private Path state;
  private ControlSocket socket;

  @BeforeEach
  void open() throws Exception {
    installation = new TestInstallation(scratch);
    state = Files.createDirectory(scratch.resolve("hub"));
    socket = ControlSocket.open(state, FACTS, 8443, panel);
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  private TestInstallation.Outcome hub(String... words) {
    var all = new ArrayList<>(List.of("hub"));
    all.addAll(List.of(words));
    all.addAll(List.of("--state", state.toString()));
    return installation.run(all.toArray(String[]::new));
  }

  private JsonNode json(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.add("--json");
    TestInstallation.Outcome outcome = hub(all.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return JsonMapper.shared().readTree(outcome.out());
  }

  private void assertRefused(String cause, String advice, String... words) {
    TestInstallation.Outcome outcome = hub(words);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("✘ " + cause).contains("→ " + advice);
  }

  @Test
  @DisplayName("qr without a window says how to open one")
  void qr_needs_a_window() {
    assertRefused(
        "no window is open",
        "press the button: ./countersign hub press-button --state " + state,
        "qr");
    assertThat(hub("press-button").out())
        .contains("✔ a window is open for 119 s", "hub qr --state " + state);
    assertThat(hub("qr").exitCode()).isZero();
  }

  @Test
  @DisplayName("qr --json has the text, when it ends, and what to type")
  void qr_json() {
    panel.open = true;
    JsonNode shown = json("qr");
    assertThat(shown.propertyNames())
        .containsExactly(
            "text", "expiresAt", "expiresInSeconds", "manualCode", "windowClosesInSeconds", "role");
    assertThat(shown.path("text").asString()).isEqualTo(text(panel.code));
    assertThat(shown.path("expiresAt").asString())
        .isEqualTo(installation.now.plusSeconds(60).toString());
    assertThat(shown.path("manualCode").asString())
        .isEqualTo(panel.manual.digits(SecretAccess.insecure()));
    JsonNode label = json("qr", "--printed");
    assertThat(label.path("text").asString()).isEqualTo(text(panel.label));
    assertThat(label.path("expiresAt").isNull()).isTrue();
    assertThat(label.path("manualCode").isNull()).isTrue();
  }

  @Test
  @DisplayName("qr draws for a person, in colours unless the environment is against them")
  void qr_for_people() {
    panel.open = true;
    String digits = panel.manual.digits(SecretAccess.insecure());
    assertThat(hub("qr").out())
        .contains("\033[38;5;16;48;5;231m", digits.substring(0, 5) + " " + digits.substring(5))
        .contains("the phone becomes owner; the window closes in 119 s")
        .doesNotContain(text(panel.code));
  }

  @Test
  @DisplayName("qr writes pictures for their owner alone, also over older ones")
  void qr_writes_pictures() throws IOException {
    panel.open = true;
    Path png = scratch.resolve("code.png");
    Path svg = scratch.resolve("code.svg");
    Files.writeString(png, "old");
    TestInstallation.Outcome outcome = hub("qr", "--png", png.toString(), "--svg", svg.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(svg).content().startsWith("<svg ");
    assertThat(installation.permissions(png)).isEqualTo("rw-------");
    assertThat(installation.permissions(svg)).isEqualTo("rw-------");
    assertRefused(
        "cannot write", "name a file in a directory", "qr", "--png", "/nowhere/at/all.png");
  }

  @Test
  @DisplayName("qr --follow shows each new code, and ends with the window")
  void qr_follows() {
    panel.open = true;
    panel.closesAfterNextCode = true;
    TestInstallation.Outcome outcome = hub("qr", "--follow", "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(
            outcome.out().lines().map(l -> JsonMapper.shared().readTree(l).path("text").asString()))
        .hasSize(2)
        .doesNotHaveDuplicates();
    assertThat(hub("qr", "--follow", "--printed").exitCode()).isEqualTo(2);
  }

  @Test
  @DisplayName("phones lists, remove removes, and says why not")
  void phones_and_remove() {
    assertThat(hub("phones").out()).contains("no phones yet", "hub qr --state");
    assertThat(hub("phones", "--json").out()).isEmpty();
    panel.add("Ada\u001b[2J", Role.OWNER);
    panel.add("Guest", Role.GUEST);
    panel.add("Guest", Role.USER);
    assertThat(hub("phones").out().lines())
        .hasSize(4)
        .first()
        .asString()
        .matches("ID +NAME +ROLE +STATUS +LAST SEEN +UNTIL");
    assertThat(hub("phones").out()).doesNotContain("\u001b").contains("2026-11-22 08:00:00Z");
    assertThat(hub("phones", "--json").out().lines()).hasSize(3);
    assertRefused("no phone of that id or name", "./countersign hub phones", "remove", "Bob");
    assertRefused("several phones have that name", "give the id", "remove", "Guest");
    assertRefused(
        "nobody would own the hub", "let the owner", "remove", panel.phones.getFirst().id());
    String id = panel.phones.getLast().id();
    assertThat(hub("remove", id).out()).isEqualTo("✔ Guest (" + id + ") removed\n");
    assertThat(json("remove", panel.phones.getLast().id()).path("role").asString())
        .isEqualTo("guest");
  }

  @Test
  @DisplayName("reset wants to be meant")
  void reset_wants_yes() {
    panel.add("Ada", Role.OWNER);
    TestInstallation.Outcome outcome = hub("reset");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("on the list: 1", "reset --state " + state + " --yes");
    assertThat(panel.phones).hasSize(1);
    assertThat(hub("reset", "--yes").out()).contains("✔ every phone is removed");
    assertThat(panel.phones).isEmpty();
  }

  @Test
  @DisplayName("status shows which hub it is and what to do next")
  void status() {
    assertThat(hub("status").out())
        .contains("Front door", ID.toString(), KEY.hex(), "none yet", "closed; ./countersign hub");
    assertThat(json("status").path("port").intValue()).isEqualTo(8443);
  }

  @Test
  @DisplayName("without a running hub each ends with 3 and how to start it")
  void needs_a_running_hub() throws IOException {
    socket.close();
    for (String[] words :
        List.of(
            new String[] {"status"},
            new String[] {"qr"},
            new String[] {"phones"},
            new String[] {"remove", "x"},
            new String[] {"press-button"},
            new String[] {"reset", "--yes"})) {
      TestInstallation.Outcome outcome = hub(words);
      assertThat(outcome.exitCode()).as(words[0]).isEqualTo(3);
      assertThat(outcome.err())
          .contains("no hub runs on " + state, "./countersign hub run --state " + state);
    }
  }

  private static String text(PairingCode code) {
    return code.text(SecretAccess.insecure());
  }

  /** A panel without a hub behind it. */
  private static final class Panel implements HubPanel {
    private final PairingCode label = code(PairingCode.Place.PRINTED);
    private final ManualCode manual = ManualCode.random(new SecureRandom());
    private final List<Phone> phones = new ArrayList<>();
    private PairingCode code = code(PairingCode.Place.SCREEN);
    private boolean open;
    private boolean closesAfterNextCode;
    private int looks;

    private static PairingCode code(PairingCode.Place place) {
      return new PairingCode(
          place,
          place == PairingCode.Place.PRINTED,
          Role.OWNER,
          ID,
          PairingSecret.random(new SecureRandom()),
          KEY);
    }

    void add(String name, Role role) {
      Sha256 key = Sha256.of((name + role).getBytes(UTF_8));
      Instant seen = Instant.parse("2026-11-22T08:00:00Z");
      phones.add(
          new Phone(
              key,
              key,
              name,
              role,
              Phone.Status.ACTIVE,
              1,
              Optional.empty(),
              Optional.of(seen),
              Optional.empty()));
    }

    /** Each look is one request: shown, another code, closed. */
    @Override
    public Optional<Screen> screen() {
      if (closesAfterNextCode) {
        looks++;
        if (looks == 2) {
          code = code(PairingCode.Place.SCREEN);
        }
        open = looks < 3;
      }
      return open
          ? Optional.of(new Screen(code, manual, Duration.ofSeconds(60), Duration.ofSeconds(119)))
          : Optional.empty();
    }

    @Override
    public PairingCode label() {
      return label;
    }

    @Override
    public void pressButton() {
      open = true;
    }

    @Override
    public boolean isOwned() {
      return !phones.isEmpty();
    }

    @Override
    public List<Phone> phones() {
      return List.copyOf(phones);
    }

    @Override
    public Removal remove(String phone) {
      List<Phone> meant =
          phones.stream().filter(p -> p.id().equals(phone) || p.name().equals(phone)).toList();
      if (meant.isEmpty()) {
        return new Removal.NoSuchPhone();
      } else if (meant.size() > 1) {
        return new Removal.SeveralOfThatName();
      } else if (meant.getFirst().role() == Role.OWNER) {
        return new Removal.LastOwner();
      }
      phones.remove(meant.getFirst());
      return new Removal.Removed(meant.getFirst());
    }

    @Override
    public void reset() {
      phones.clear();
    }
  }
}
