// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.client.PhoneClient;
import dev.countersign.client.PhoneClient.Opening;
import dev.countersign.client.hub.HubRefusedException;
import dev.countersign.client.pairing.FakeHub;
import dev.countersign.client.pairing.FakeHub.Exchange;
import dev.countersign.client.pairing.FakeHub.Reply;
import dev.countersign.client.pairing.FilePhoneStorage;
import dev.countersign.client.pairing.TestMaker;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A paired phone at its hub")
final class HubSessionTest {
  private static final TestMaker MAKER = new TestMaker("maker");
  private static final String PHONE =
      """
      {"id":"0123456789abcdef","name":"B","role":"guest","status":"active","epoch":1,
       "addedBy":null,"lastSeen":null,"expires":"2026-12-31T00:00:00Z"}\
      """;

  @TempDir private Path state;
  private FakeHub hub;
  private HubSession session;

  @BeforeEach
  void pairs() throws Exception {
    hub = FakeHub.start(MAKER.hub());
    PhoneClient phone = PhoneClient.of(new FilePhoneStorage(state.resolve("phone")));
    phone.pair(hub.code(), "A", hub.address());
    session = ((Opening.Opened) phone.open(hub.identity().id())).session();
  }

  @AfterEach
  void closes() {
    session.close();
    hub.close();
  }

  @Test
  @DisplayName("gives a command and reads the state after it")
  void commands() throws Exception {
    hub.route(
        "cs/1 POST /v1/commands",
        exchange -> {
          assertThat(new String(exchange.body(), UTF_8)).isEqualTo("{\"lock\":\"locked\"}");
          return Reply.json(200, "{\"lock\":\"locked\",\"temperature\":18.5,\"alarm\":false}");
        });
    assertThat(session.command("lock", new Scalar.Text("locked")))
        .isEqualTo(
            Map.of(
                "lock", new Scalar.Text("locked"),
                "temperature", new Scalar.Numeric(18.5),
                "alarm", new Scalar.Flag(false)));
  }

  @Test
  @DisplayName("a command is sent once, even if the connection ends without an answer")
  void command_is_not_repeated() {
    var times = new AtomicInteger();
    hub.route("cs/1 POST /v1/commands", exchange -> hangUp(exchange, times));
    assertThatThrownBy(() -> session.command("lock", new Scalar.Text("open")))
        .isInstanceOf(IOException.class);
    assertThat(times).hasValue(1);
  }

  @Test
  @DisplayName("a question is asked again on a new connection, which is judged like the first")
  void question_is_repeated() throws Exception {
    var times = new AtomicInteger();
    hub.route(
        "cs/1 GET /v1/state",
        exchange ->
            times.get() == 0 ? hangUp(exchange, times) : Reply.json(200, "{\"lock\":\"open\"}"));
    assertThat(session.state()).containsKey("lock");
  }

  private static Reply hangUp(Exchange exchange, AtomicInteger times) {
    times.incrementAndGet();
    try {
      exchange.socket().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Reply.json(500, "{}");
  }

  @Test
  @DisplayName("a refusal says its kind; a removal is an exception of its own")
  void refusals() {
    hub.route("cs/1 POST /v1/recovery-card", _ -> Reply.problem(403, "role"));
    assertThatThrownBy(() -> session.recoveryCard())
        .isInstanceOfSatisfying(
            HubRefusedException.class,
            e -> {
              assertThat(e.status()).isEqualTo(403);
              assertThat(e.problem()).isEqualTo("role");
            });
    hub.route("cs/1 GET /v1/state", _ -> Reply.problem(401, "unauthorized"));
    assertThatThrownBy(() -> session.state()).isInstanceOf(RemovedFromHubException.class);
  }

  @Test
  @DisplayName("a state that is not flat, or no JSON, is refused")
  void refuses_nonsense() {
    for (String nonsense :
        java.util.List.of("[]", "{\"a\":{}}", "{\"a\":null}", "{", "\"x\"", "{\"a\":1e999}")) {
      hub.route("cs/1 GET /v1/state", _ -> Reply.json(200, nonsense));
      assertThatThrownBy(() -> session.state()).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  @DisplayName("reads and changes the list of phones")
  void phones() throws Exception {
    hub.route("cs/1 GET /v1/phones", _ -> Reply.json(200, "[" + PHONE + "]"));
    ListedPhone phone = session.phones().get(0);
    assertThat(phone.role()).isEqualTo(Role.GUEST);
    assertThat(phone.expires()).contains(Instant.parse("2026-12-31T00:00:00Z"));

    hub.route(
        "cs/1 PATCH /v1/phones/0123456789abcdef",
        exchange -> {
          assertThat(new String(exchange.body(), UTF_8))
              .isEqualTo("{\"role\":\"user\",\"expires\":null}");
          return Reply.json(200, PHONE);
        });
    session.change(phone.id(), PhoneChange.none().role(Role.USER).expires(Optional.empty()));
    hub.route(
        "cs/1 DELETE /v1/phones/0123456789abcdef", _ -> new Reply(200, "text/plain", new byte[0]));
    session.remove(phone.id());
    assertThatThrownBy(() -> session.remove("../window"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("follows events, and knows a removal by the code of the close")
  void events() throws Exception {
    hub.route(
        "cs/1 GET /v1/events",
        exchange ->
            stream(
                exchange,
                text("{\"type\":\"state\",\"state\":{\"lock\":\"open\"}}"),
                text("{\"type\":\"something newer\"}"),
                text("{\"type\":\"phone\",\"change\":\"paired\",\"phone\":" + PHONE + "}"),
                text("{\"type\":\"pairing\",\"change\":\"failed\",\"failures\":2}"),
                text("{\"type\":\"removed\"}"),
                new byte[] {(byte) 0x88, 2, (byte) (4401 >> 8), (byte) 4401}));
    try (HubEvents events = session.events()) {
      assertThat(events.next())
          .isEqualTo(new HubEvent.StateChanged(Map.of("lock", new Scalar.Text("open"))));
      assertThat(events.next())
          .isInstanceOfSatisfying(
              HubEvent.PhoneChanged.class, e -> assertThat(e.phone().name()).isEqualTo("B"));
      assertThat(events.next()).isEqualTo(new HubEvent.PairingChanged("failed", 2));
      assertThat(events.next()).isEqualTo(new HubEvent.Removed());
      assertThatThrownBy(events::next).isInstanceOf(RemovedFromHubException.class);
    }
  }

  @Test
  @DisplayName("what is no WebSocket is refused, and a 401 is a removal")
  void no_events() {
    hub.route("cs/1 GET /v1/events", _ -> Reply.json(200, "{}"));
    assertThatThrownBy(() -> session.events()).isInstanceOf(MalformedException.class);
    hub.route("cs/1 GET /v1/events", _ -> Reply.problem(401, "unauthorized"));
    assertThatThrownBy(() -> session.events()).isInstanceOf(RemovedFromHubException.class);
  }

  @Test
  @DisplayName("garbage in the stream ends it")
  void events_end_with_garbage() throws Exception {
    hub.route("cs/1 GET /v1/events", exchange -> stream(exchange, new byte[] {(byte) 0xff, 1, 2}));
    try (HubEvents events = session.events()) {
      assertThatThrownBy(events::next).isInstanceOf(IOException.class);
    }
  }

  private static byte[] text(String text) {
    byte[] payload = text.getBytes(UTF_8);
    var out = new ByteArrayOutputStream();
    out.write(0x81);
    if (payload.length < 126) {
      out.write(payload.length);
    } else {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static Reply stream(Exchange exchange, byte[]... frames) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + EventSocketTest.accept(exchange.headers().getOrDefault("sec-websocket-key", ""))
                + "\r\n\r\n")
            .getBytes(ISO_8859_1));
    for (byte[] frame : frames) {
      out.writeBytes(frame);
    }
    return new Reply(0, "", out.toByteArray());
  }
}
