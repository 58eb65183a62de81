// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.hub.HubPanel;
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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@DisplayName("Control socket of a hub")
class ControlSocketTest {
  private static final HubId ID = HubId.wrap(new byte[8]);
  private static final HubFacts FACTS =
      new HubFacts(
          "Front door", "Door", "SN-1", ID, Sha256.of(new byte[] {1}), Sha256.of(new byte[] {2}));

  @TempDir private Path state;

  private final Panel panel = new Panel();
  private ControlSocket socket;

  @BeforeEach
  void open() throws IOException {
    socket = ControlSocket.open(state, FACTS, 8443, panel);
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  private ControlAnswer ask(ControlRequest request) throws IOException {
    return new ControlClient(state).ask(request);
  }

  private JsonNode done(ControlRequest request) throws IOException {
    ControlAnswer answer = ask(request);
    assertThat(answer).isInstanceOf(ControlAnswer.Done.class);
    return ((ControlAnswer.Done) answer).result();
  }

  private static ControlAnswer refused(ControlAnswer.Reason reason) {
    return new ControlAnswer.Refused(reason);
  }

  @Test
  @DisplayName("gives the codes of the screen and of the label")
  void shows_codes() throws IOException {
    assertThat(ask(new ControlRequest.Screen())).isEqualTo(refused(ControlAnswer.Reason.NO_WINDOW));
    done(new ControlRequest.PressButton());
    JsonNode screen = done(new ControlRequest.Screen());
    assertThat(screen.path("text").asString()).isEqualTo(panel.code.text(SecretAccess.insecure()));
    assertThat(screen.path("manualCode").asString())
        .isEqualTo(panel.manual.digits(SecretAccess.insecure()));
    assertThat(screen.path("expiresInSeconds").intValue()).isEqualTo(60);
    assertThat(screen.path("windowClosesInSeconds").intValue()).isEqualTo(119);
    assertThat(screen.path("role").asString()).isEqualTo("owner");
    assertThat(done(new ControlRequest.Label()).path("text").asString())
        .isEqualTo(panel.label().text(SecretAccess.insecure()));
  }

  @Test
  @DisplayName("says which hub it is and whether a window is open")
  void has_a_status() throws IOException {
    JsonNode status = done(new ControlRequest.Status());
    assertThat(status.path("hubId").asString()).isEqualTo(ID.toString());
    assertThat(status.path("keySha256").asString()).isEqualTo(FACTS.key().hex());
    assertThat(status.path("rootSha256").asString()).isEqualTo(FACTS.root().hex());
    assertThat(status.path("port").intValue()).isEqualTo(8443);
    assertThat(status.path("owned").booleanValue()).isFalse();
    assertThat(status.path("windowClosesInSeconds").isNull()).isTrue();
    assertThat(done(new ControlRequest.PressButton()).path("windowClosesInSeconds").intValue())
        .isEqualTo(119);
  }

  @Test
  @DisplayName("lists phones and removes one, with each way in which that is refused")
  void removes_phones() throws IOException {
    panel.add("A", Role.OWNER);
    panel.add("B", Role.USER);
    panel.add("B", Role.GUEST);
    JsonNode phones = done(new ControlRequest.Phones()).path("phones");
    assertThat(phones).hasSize(3);
    assertThat(phones.path(0).propertyNames())
        .containsExactly(
            "id",
            "name",
            "role",
            "status",
            "epoch",
            "addedBy",
            "lastSeen",
            "expires",
            "key",
            "certificate");
    assertThat(phones.path(0).path("addedBy").isNull()).isTrue();
    assertThat(phones.path(0).path("lastSeen").asString()).isEqualTo("2026-11-22T08:00:00Z");
    assertThat(ask(new ControlRequest.Remove("C")))
        .isEqualTo(refused(ControlAnswer.Reason.NO_SUCH_PHONE));
    assertThat(ask(new ControlRequest.Remove("B")))
        .isEqualTo(refused(ControlAnswer.Reason.SEVERAL_OF_THAT_NAME));
    assertThat(ask(new ControlRequest.Remove("A")))
        .isEqualTo(refused(ControlAnswer.Reason.LAST_OWNER));
    String id = panel.phones.getLast().id();
    assertThat(done(new ControlRequest.Remove(id)).path("id").asString()).isEqualTo(id);
    assertThat(panel.phones).hasSize(2);
    done(new ControlRequest.Reset());
    assertThat(panel.phones).isEmpty();
  }

  @Test
  @DisplayName("what fails at the hub is said without its text, and the next request is answered")
  void says_that_it_failed() throws IOException {
    panel.failure = Optional.of("disk full: /secret/path");
    assertThat(ask(new ControlRequest.Reset())).isEqualTo(refused(ControlAnswer.Reason.FAILED));
    assertThat(raw("{\"request\":\"reset\"}\n")).doesNotContain("secret");
    panel.failure = Optional.empty();
    done(new ControlRequest.Status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "screen",
        "{\"request\":7}",
        "{\"request\":\"\u0000",
        "{\"request\":\"open-door\"}"
      })
  @DisplayName("what is no request is refused, and the connection goes on")
  void refuses_what_is_no_request(String line) throws IOException {
    assertThat(raw(line + "\n{\"request\":\"status\"}\n"))
        .startsWith("{\"refused\":\"malformed\"}\n{\"done\":{");
  }

  @Test
  @DisplayName("a line that is too long ends the connection, and no other")
  void limits_lines() throws IOException {
    String status = "\n{\"request\":\"status\"}\n";
    assertThat(raw("x".repeat(4000) + status)).contains("malformed", "done");
    assertThat(raw("x".repeat(4097) + status)).isEmpty();
    done(new ControlRequest.Status());
  }

  @Test
  @DisplayName("more than eight at once are told to wait, and places become free")
  void limits_connections() throws IOException {
    var waiting = new ArrayList<SocketChannel>();
    for (int i = 0; i < 8; i++) {
      waiting.add(connect());
    }
    await()
        .until(() -> ask(new ControlRequest.Status()).equals(refused(ControlAnswer.Reason.BUSY)));
    for (SocketChannel each : waiting) {
      each.close();
    }
    await().until(() -> ask(new ControlRequest.Status()) instanceof ControlAnswer.Done);
  }

  @Test
  @DisplayName("the socket is for its owner alone, and its file goes with it")
  void is_private() throws IOException {
    Path file = state.resolve("control.sock");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    SocketChannel open = connect();
    socket.close();
    assertThat(file).doesNotExist();
    assertThat(readAll(open)).isEmpty();
    assertThatThrownBy(() -> ask(new ControlRequest.Status()))
        .isInstanceOf(ControlClient.NotRunningException.class);
  }

  @Test
  @DisplayName("what a killed hub left behind is replaced")
  void replaces_a_stale_socket() throws IOException {
    socket.close();
    // Binding makes the file; closing the channel leaves it, as a kill does.
    try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(state.resolve("control.sock")));
    }
    assertThatThrownBy(() -> ask(new ControlRequest.Status()))
        .isInstanceOf(ControlClient.NotRunningException.class);
    socket = ControlSocket.open(state, FACTS, 8443, panel);
    done(new ControlRequest.Status());
  }

  @Test
  @DisplayName("a hub that answers there is not replaced")
  void keeps_a_living_hub() throws IOException {
    assertThatThrownBy(() -> ControlSocket.open(state, FACTS, 8443, panel))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another hub");
    done(new ControlRequest.Status());
  }

  @Test
  @DisplayName("a path that is too long for a socket is refused with what to do")
  void refuses_long_paths() throws IOException {
    Path deep = Files.createDirectories(state.resolve("d".repeat(100)));
    assertThatThrownBy(() -> ControlSocket.open(deep, FACTS, 8443, panel))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long for a socket")
        .hasMessageContaining("shorter path");
    assertThatThrownBy(() -> new ControlClient(deep).ask(new ControlRequest.Status()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long for a socket");
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(state.resolve("control.sock")));
  }

  /** Sends this and nothing more, and returns what comes until the end. */
  private String raw(String sent) throws IOException {
    try (SocketChannel channel = connect()) {
      channel.write(UTF_8.encode(sent));
      channel.shutdownOutput();
      return readAll(channel);
    }
  }

  private static String readAll(SocketChannel channel) throws IOException {
    ByteBuffer received = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(received) >= 0) {}
    } catch (IOException e) {
      // reset: what was not read is dropped with the connection
    }
    return UTF_8.decode(received.flip()).toString();
  }

  /** A panel without a hub behind it. */
  private static final class Panel implements HubPanel {
    private final PairingCode code = code(PairingCode.Place.SCREEN);
    private final PairingCode label = code(PairingCode.Place.PRINTED);
    private final ManualCode manual = ManualCode.random(new SecureRandom());
    private final List<Phone> phones = new ArrayList<>();
    private Optional<String> failure = Optional.empty();
    private boolean open;

    private static PairingCode code(PairingCode.Place place) {
      return new PairingCode(
          place,
          place == PairingCode.Place.PRINTED,
          Role.OWNER,
          ID,
          PairingSecret.random(new SecureRandom()),
          FACTS.key());
    }

    void add(String name, Role role) {
      Sha256 key = Sha256.of((name + role).getBytes(UTF_8));
      phones.add(
          new Phone(
              key,
              key,
              name,
              role,
              Phone.Status.ACTIVE,
              1,
              Optional.empty(),
              Optional.of(Instant.parse("2026-11-22T08:00:00Z")),
              Optional.empty()));
    }

    private void work() throws IOException {
      if (failure.isPresent()) {
        throw new IOException(failure.get());
      }
    }

    @Override
    public Optional<Screen> screen() {
      return open
          ? Optional.of(new Screen(code, manual, Duration.ofSeconds(60), Duration.ofSeconds(119)))
          : Optional.empty();
    }

    @Override
    public PairingCode label() {
      return label;
    }

    @Override
    public void pressButton() throws IOException {
      work();
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
    public Removal remove(String phone) throws IOException {
      work();
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
    public void reset() throws IOException {
      work();
      phones.clear();
    }
  }

  @Test
  @DisplayName("a request is written and read back, each of them")
  void reads_what_it_writes() {
    for (ControlRequest request :
        List.of(
            new ControlRequest.Status(),
            new ControlRequest.Screen(),
            new ControlRequest.Label(),
            new ControlRequest.PressButton(),
            new ControlRequest.Phones(),
            new ControlRequest.Remove("Tür \"1\"\n"),
            new ControlRequest.Reset())) {
      assertThat(ControlWire.readRequest(ControlWire.write(request))).contains(request);
      assertThat(ControlWire.write(request)).doesNotContain("\n");
    }
    ObjectNode result = ControlWire.JSON.createObjectNode().put("a", 1);
    assertThat(ControlWire.readAnswer(ControlWire.write(new ControlAnswer.Done(result))))
        .contains(new ControlAnswer.Done(result));
    for (ControlAnswer.Reason reason : ControlAnswer.Reason.values()) {
      assertThat(ControlWire.readAnswer(ControlWire.write(refused(reason))))
          .contains(refused(reason));
    }
    assertThat(ControlWire.readAnswer("{\"refused\":\"?\"}")).isEmpty();
    assertThat(ControlWire.readAnswer("{")).isEmpty();
  }
}
