// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.hub.HubAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 6455 as a phone speaks it")
final class EventSocketTest {
  private static final int TEXT = 1;
  private static final int CONTINUATION = 0;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int FINAL = 0x80;

  /** §1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final EventSocket socket;
  private final String request;

  EventSocketTest() throws IOException {
    socket = EventSocket.begin(new HubAddress("localhost", 8443), "/v1/events");
    request = new String(sent().getFirst(), ISO_8859_1);
  }

  private List<byte[]> sent() {
    var all = new ArrayList<byte[]>();
    for (Optional<byte[]> next = socket.toSend(); next.isPresent(); next = socket.toSend()) {
      all.add(next.get());
    }
    return all;
  }

  private void receive(byte[] bytes) {
    socket.received(ByteBuffer.wrap(bytes));
  }

  private byte[] upgrade() {
    Matcher key = Pattern.compile("Sec-WebSocket-Key: (\\S+)").matcher(request);
    assertThat(key.find()).isTrue();
    return upgrade(accept(key.group(1)));
  }

  private static byte[] upgrade(String accept) {
    return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept
            + "\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  static String accept(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] frame(int first, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.write(first);
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

  private static byte[] text(String text) {
    return frame(FINAL | TEXT, text.getBytes(UTF_8));
  }

  @Test
  @DisplayName("asks for an upgrade, with neither extensions nor subprotocols")
  void asks_for_upgrade() {
    assertThat(request)
        .startsWith("GET /v1/events HTTP/1.1\r\n")
        .contains("Host: localhost:8443\r\n", "Sec-WebSocket-Version: 13\r\n")
        .doesNotContain("Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol");
  }

  @Test
  @DisplayName("reads texts, whole and in pieces")
  void reads_texts() {
    receive(upgrade());
    assertThat(socket.isOpen()).isTrue();
    receive(text("one"));
    receive(frame(TEXT, "t".getBytes(UTF_8)));
    receive(frame(FINAL | CONTINUATION, "wo".getBytes(UTF_8)));
    assertThat(socket.poll()).contains("one");
    assertThat(socket.poll()).contains("two");
    assertThat(socket.poll()).isEmpty();
  }

  @Test
  @DisplayName("§1.3: an answer to another key is no answer")
  void refuses_wrong_accept() {
    receive(upgrade(accept("another key")));
    assertThat(socket.wasOpen()).isFalse();
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  @DisplayName("a refusal is known by its status")
  void knows_refusal() {
    receive("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
    assertThat(socket.wasOpen()).isFalse();
    assertThat(socket.isClosed()).isTrue();
    assertThat(socket.answeredStatus()).isEqualTo(401);
  }

  @Test
  @DisplayName("an answer that does not end is given up")
  void gives_up_endless_handshake() {
    receive("HTTP/1.1 101 Switching Protocols\r\n".getBytes(ISO_8859_1));
    byte[] filler = ("X: " + "x".repeat(1000) + "\r\n").getBytes(ISO_8859_1);
    for (int i = 0; i < 17; i++) {
      receive(filler);
    }
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  @DisplayName("§5.5.2: answers a ping, masked (§5.3)")
  void answers_ping() {
    receive(upgrade());
    receive(frame(FINAL | PING, new byte[] {7}));
    byte[] pong = sent().getFirst();
    assertThat(pong[0] & 0xff).isEqualTo(FINAL | 10);
    assertThat(pong[1] & 0xff).isEqualTo(0x80 | 1);
    assertThat((pong[6] ^ pong[2]) & 0xff).isEqualTo(7);
  }

  @Test
  @DisplayName("a message that would be too long is refused by its head")
  void refuses_oversized_message() {
    receive(upgrade());
    receive(
        ByteBuffer.allocate(10)
            .put((byte) (FINAL | TEXT))
            .put((byte) 127)
            .putLong(EventSocket.MAX_MESSAGE_BYTES + 1L)
            .array());
    assertThat(socket.isClosed()).isTrue();
    assertThat(socket.closeCode()).isEqualTo(1009);
  }

  @Test
  @DisplayName("nor may it grow in pieces")
  void refuses_growing_message() {
    receive(upgrade());
    var piece = new byte[60_000];
    receive(frame(TEXT, piece));
    for (int i = 0; i < 9; i++) {
      receive(frame(CONTINUATION, piece));
    }
    assertThat(socket.isClosed()).isTrue();
    assertThat(socket.poll()).isEmpty();
  }

  @Test
  @DisplayName("reserved bits, unknown kinds and bytes that are no text end it")
  void refuses_garbage() throws IOException {
    for (byte[] garbage :
        List.of(
            frame(FINAL | 0x40 | TEXT, new byte[0]),
            frame(FINAL | 3, new byte[0]),
            frame(FINAL | TEXT, new byte[] {(byte) 0xff}),
            frame(PING, new byte[0]),
            frame(FINAL | PING, new byte[126]),
            frame(FINAL | CLOSE, new byte[] {3, (byte) 0xe8, (byte) 0xff}),
            frame(FINAL | CONTINUATION, new byte[0]))) {
      var fresh = new EventSocketTest();
      fresh.receive(fresh.upgrade());
      fresh.receive(garbage);
      assertThat(fresh.socket.isClosed()).isTrue();
      assertThat(fresh.socket.poll()).isEmpty();
    }
  }

  @Test
  @DisplayName("what is no text is passed over")
  void passes_over_binary() {
    receive(upgrade());
    receive(frame(FINAL | BINARY, new byte[] {1}));
    receive(text("after"));
    assertThat(socket.poll()).contains("after");
  }

  @Test
  @DisplayName("§7: a close says why, after what came before it")
  void closes() {
    receive(upgrade());
    receive(text("last"));
    receive(frame(FINAL | CLOSE, new byte[] {(byte) (4401 >> 8), (byte) 4401, 'x'}));
    assertThat(socket.poll()).contains("last");
    assertThat(socket.closeCode()).isEqualTo(4401);
    assertThat(sent().getFirst()[0] & 0xff).isEqualTo(FINAL | CLOSE);
    receive(text("after the end"));
    assertThat(socket.poll()).isEmpty();
  }

  @Test
  @DisplayName("a connection that just ends is an end too")
  void ends() {
    receive(upgrade());
    socket.ended();
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  @DisplayName("nor may it have pieces without end")
  void refuses_endless_pieces() {
    receive(upgrade());
    receive(frame(TEXT, new byte[0]));
    for (int i = 0; i < 256; i++) {
      receive(frame(CONTINUATION, new byte[0]));
    }
    assertThat(socket.isClosed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 200})
  @DisplayName("pieces of any size give the same messages")
  void any_pieces(int piece) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(upgrade());
    all.writeBytes(text("one"));
    all.writeBytes(text("ü".repeat(200)));
    byte[] bytes = all.toByteArray();
    for (int at = 0; at < bytes.length; at += piece) {
      socket.received(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
    }
    assertThat(socket.poll()).contains("one");
    assertThat(socket.poll()).contains("ü".repeat(200));
  }

  @Test
  @DisplayName("whatever comes, nothing is thrown")
  void survives_anything() throws IOException {
    var random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      var fresh = new EventSocketTest();
      if (i % 2 == 0) {
        fresh.receive(fresh.upgrade());
      }
      var bytes = new byte[1 + random.nextInt(300)];
      random.nextBytes(bytes);
      fresh.receive(bytes);
      assertThat(fresh.sent()).allMatch(each -> each.length < 1000);
    }
  }
}
