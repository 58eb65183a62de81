// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.tls.psk.TestPskClient.Says;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.bouncycastle.tls.AlertDescription;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The engine for pre-shared keys keeps to the contract of an SSLEngine")
final class PskEngineTest {
  private static final byte[] HELLO = "hello".getBytes(US_ASCII);

  private final TestKeys keys = new TestKeys();

  PskEngineTest() {
    keys.with("thermometer", keys.key("T-1", 7));
  }

  private static Says says(String version) {
    return version.equals("1.3") ? Says.in13("thermometer", 7) : Says.in12("thermometer", 7);
  }

  private Wire connected(String version) throws IOException {
    return new Wire(keys, says(version)).run();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.3", "1.2"})
  @DisplayName("a handshake ends once, with a proof of who holds the key")
  void shakes_hands(String version) throws IOException {
    Wire wire = new Wire(keys, says(version));
    assertThat(wire.engine.provenKey()).isEmpty();
    assertThat(wire.engine.getSession().getProtocol()).isEqualTo("NONE");
    wire.run();
    ProvenKey proven = wire.engine.provenKey().orElseThrow();
    assertThat(proven.serial()).isEqualTo(new DeviceSerial("T-1"));
    assertThat(wire.statuses).containsOnlyOnce(HandshakeStatus.FINISHED);
    assertThat(wire.engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    assertThat(wire.engine.getSession().getProtocol()).isEqualTo("TLSv" + version);
    assertThat(wire.engine.getSession().getCipherSuite())
        .isIn("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.3", "1.2"})
  @DisplayName("3 MB go both ways")
  void carries_much(String version) throws IOException {
    Wire wire = connected(version);
    var much = new byte[3_000_000];
    new Random(1).nextBytes(much);
    for (int at = 0; at < much.length; at += 100_000) {
      wire.client.writeApplicationData(much, at, 100_000);
      wire.run();
    }
    assertThat(wire.received.toByteArray()).isEqualTo(much);
    wire.write(much);
    assertThat(wire.readAtClient()).isEqualTo(much);
  }

  @Test
  @DisplayName("less than a record is BUFFER_UNDERFLOW, and nothing of it is consumed")
  void wants_whole_records() throws IOException {
    Wire wire = connected("1.3");
    wire.client.writeApplicationData(HELLO, 0, HELLO.length);
    var record = new byte[wire.client.getAvailableOutputBytes()];
    wire.client.readOutput(record, 0, record.length);
    for (int length = 0; length < record.length; length++) {
      wire.offer(length == 0 ? new byte[0] : new byte[] {record[length - 1]});
      SSLEngineResult result = wire.unwrap();
      assertThat(result.getStatus()).isEqualTo(Status.BUFFER_UNDERFLOW);
      assertThat(result.bytesConsumed()).isZero();
    }
    wire.offer(new byte[] {record[record.length - 1]});
    assertThat(wire.unwrap().bytesConsumed()).isEqualTo(record.length);
    assertThat(wire.received.toByteArray()).isEqualTo(HELLO);
  }

  @Test
  @DisplayName("too little room is BUFFER_OVERFLOW in both directions, and nothing is lost")
  void wants_room() throws IOException {
    Wire wire = connected("1.3");
    wire.client.writeApplicationData(HELLO, 0, HELLO.length);
    var record = new byte[wire.client.getAvailableOutputBytes()];
    wire.client.readOutput(record, 0, record.length);
    ByteBuffer source = ByteBuffer.wrap(record);
    SSLEngineResult result = wire.engine.unwrap(source, ByteBuffer.allocate(2));
    assertThat(result.getStatus()).isEqualTo(Status.BUFFER_OVERFLOW);
    assertThat(source.position()).isZero();
    ByteBuffer target = ByteBuffer.allocate(100);
    assertThat(wire.engine.unwrap(source, target).bytesProduced()).isEqualTo(HELLO.length);

    ByteBuffer answer = ByteBuffer.wrap(HELLO);
    result = wire.engine.wrap(answer, ByteBuffer.allocate(10));
    assertThat(result.getStatus()).isEqualTo(Status.BUFFER_OVERFLOW);
    assertThat(answer.position()).isZero();
    wire.write(HELLO);
    assertThat(wire.readAtClient()).isEqualTo(HELLO);
  }

  @Test
  @DisplayName("RFC 8446 §6.1: who has nothing more to say may still listen")
  void half_close_by_peer() throws IOException {
    Wire wire = connected("1.3");
    wire.client.writeApplicationData(HELLO, 0, HELLO.length);
    wire.client.close();
    wire.run();
    assertThat(wire.received.toByteArray()).isEqualTo(HELLO);
    assertThat(wire.engine.isInboundDone()).isTrue();
    assertThat(wire.engine.isOutboundDone()).isFalse();
    ByteBuffer target = ByteBuffer.allocate(1000);
    assertThat(wire.engine.wrap(ByteBuffer.wrap(HELLO), target).bytesProduced()).isPositive();
    wire.engine.closeInbound();
    wire.drain();
    assertThat(wire.engine.isOutboundDone()).isTrue();
  }

  @Test
  @DisplayName("after closeOutbound there is a close_notify, then nothing; the peer may go on")
  void half_close_by_us() throws IOException {
    Wire wire = connected("1.3");
    wire.client.writeApplicationData(HELLO, 0, HELLO.length);
    wire.engine.closeOutbound();
    assertThat(wire.engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
    assertThat(wire.engine.isOutboundDone()).isFalse();
    wire.run();
    assertThat(wire.peer.alert).isEqualTo(AlertDescription.close_notify);
    assertThat(wire.received.toByteArray()).isEqualTo(HELLO);
    assertThat(wire.engine.isOutboundDone()).isTrue();
    assertThat(wire.engine.wrap(ByteBuffer.wrap(HELLO), ByteBuffer.allocate(999)).getStatus())
        .isEqualTo(Status.CLOSED);
  }

  @Test
  @DisplayName("an end without close_notify is told, for an answer may be cut short by somebody")
  void truncation() throws IOException {
    Wire wire = connected("1.3");
    assertThatThrownBy(wire.engine::closeInbound)
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("close_notify");
  }

  @Test
  @DisplayName("a close while a task looks for a key waits for that task, and no caller waits")
  void close_during_task() throws IOException {
    Wire wire = new Wire(keys, says("1.3"));
    var hello = new byte[wire.client.getAvailableOutputBytes()];
    wire.client.readOutput(hello, 0, hello.length);
    wire.offer(hello);
    assertThat(wire.unwrap().getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_TASK);
    Runnable task = wire.engine.getDelegatedTask();
    wire.engine.closeOutbound();
    assertThat(wire.engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_TASK);
    task.run();
    wire.drain();
    assertThat(wire.engine.isOutboundDone()).isTrue();
  }

  @Test
  @DisplayName("a record larger than TLS knows is refused by its header alone")
  void oversized() throws IOException {
    Wire wire = new Wire(keys, says("1.3"));
    wire.offer(new byte[] {22, 3, 3, (byte) 0xff, (byte) 0xff});
    wire.feed();
    assertThat(wire.failure).hasMessageContaining("record_overflow");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 21, 23, 24, 99})
  @DisplayName("what is no handshake at its beginning is refused")
  void garbage(int type) throws IOException {
    Wire wire = new Wire(keys, says("1.3"));
    var record = new byte[40];
    Arrays.fill(record, (byte) 'x');
    System.arraycopy(new byte[] {(byte) type, 3, 3, 0, 35}, 0, record, 0, 5);
    wire.offer(record);
    wire.feed();
    assertThat(wire.failure).isNotNull();
    assertThat(wire.engine.provenKey()).isEmpty();
  }

  @Test
  @DisplayName("a changed record ends the connection")
  void tampered() throws IOException {
    Wire wire = connected("1.3");
    wire.client.writeApplicationData(HELLO, 0, HELLO.length);
    var record = new byte[wire.client.getAvailableOutputBytes()];
    wire.client.readOutput(record, 0, record.length);
    record[record.length - 1] ^= 1;
    wire.offer(record);
    wire.feed();
    assertThat(wire.failure).isNotNull();
    assertThat(wire.received.toByteArray()).isEmpty();
    wire.drain();
    assertThat(wire.peer.alert).isEqualTo(AlertDescription.bad_record_mac);
  }
}
