// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.integration.TlsIdentity;
import dev.countersign.integration.hub.Household;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.integration.hub.TestPhone.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An evil twin with the hub's own key, and with every byte of a session that a phone had with the
 * real one. What the key does give him is said here too: he can be that hub to its phones.
 */
@DisplayName("Who has a hub's key and recorded sessions")
class StolenHubKeyTest {
  private static final byte[] UNLOCK = "{\"lock\":\"unlocked\"}".getBytes(UTF_8);
  private static final int RECORD_HEADER_BYTES = 5;
  private static final int APPLICATION_DATA = 23;

  @TempDir private Path scratch;

  private Household house;
  private Wiretap tap;

  @BeforeEach
  void start() throws Exception {
    house = Household.start(scratch);
    tap = Wiretap.before(house.port());
  }

  @AfterEach
  void stop() throws Exception {
    tap.close();
    house.close();
  }

  private static Reply unlock(Line line) throws IOException {
    return line.post("/v1/commands", "application/json", UNLOCK);
  }

  private int done() {
    return house.hub().door().done().size();
  }

  /** The records of TLS in a recorded stream (RFC 8446 §5.1). */
  private static List<byte[]> records(byte[] stream) {
    var records = new ArrayList<byte[]>();
    for (int at = 0; at + RECORD_HEADER_BYTES <= stream.length; ) {
      int length = ByteBuffer.wrap(stream, at + 3, 2).getShort() & 0xffff;
      records.add(Arrays.copyOfRange(stream, at, at + RECORD_HEADER_BYTES + length));
      at += RECORD_HEADER_BYTES + length;
    }
    return records;
  }

  @Test
  @DisplayName("cannot put a recorded command into the connection it came from")
  void replays_into_the_same_connection() throws Exception {
    try (Line untouched = house.owner().connect(tap.port())) {
      assertThat(unlock(untouched).status()).isEqualTo(200);
      assertThat(unlock(untouched).status()).isEqualTo(200);
    }
    int before = done();
    try (Line line = house.owner().connect(tap.port())) {
      assertThat(unlock(line).status()).isEqualTo(200);
      byte[] command = records(tap.last().fromPhone()).getLast();
      assertThat(command[0]).isEqualTo((byte) APPLICATION_DATA);
      tap.last().insertTowardsHub(command);
      assertThatThrownBy(() -> unlock(line)).isInstanceOf(IOException.class);
    }
    assertThat(done()).isEqualTo(before + 1);
  }

  @Test
  @DisplayName("cannot splice a record of one connection into another of the same phone")
  void splices_into_another_connection() throws Exception {
    byte[] command;
    try (Line line = house.owner().connect(tap.port())) {
      unlock(line);
      command = records(tap.last().fromPhone()).getLast();
    }
    int before = done();
    try (Line line = house.owner().connect(tap.port())) {
      tap.last().insertTowardsHub(command);
      assertThatThrownBy(() -> unlock(line)).isInstanceOf(IOException.class);
    }
    assertThat(done()).isEqualTo(before);
    try (Line line = house.owner().connect(tap.port())) {
      assertThat(unlock(line).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("cannot play a whole session to the hub again")
  void replays_a_session() throws Exception {
    try (Line line = house.owner().connect(tap.port())) {
      assertThat(unlock(line).status()).isEqualTo(200);
    }
    byte[] recorded = tap.last().fromPhone();
    int before = done();
    try (var again = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
      again.setSoTimeout(20_000);
      again.getOutputStream().write(recorded);
      again.getOutputStream().flush();
      List<byte[]> answered = records(readToEnd(again));
      // It answers the hello, and hangs up at the first thing that should have been encrypted: the
      // last record is an alert, where the session had the state of the device.
      byte[] instead = records(tap.last().fromHub()).get(answered.size() - 1);
      assertThat(answered.getLast()).hasSizeLessThan(instead.length);
    }
    assertThat(done()).isEqualTo(before);
  }

  private static byte[] readToEnd(Socket socket) {
    var read = new java.io.ByteArrayOutputStream();
    try {
      for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
        read.write(b);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the hub did not hang up", e);
    } catch (IOException e) {
      // reset
    }
    return read.toByteArray();
  }

  @Test
  @DisplayName("cannot read what was recorded: the key signs, it never encrypted anything")
  void reads_nothing() throws Exception {
    try (Line line = house.owner().connect(tap.port())) {
      assertThat(unlock(line).status()).isEqualTo(200);
    }
    byte[] recorded = tap.last().fromPhone();
    try (EvilTwin twin = EvilTwin.before(house.port(), EvilTwin.of(house.hub().identity()))) {
      // The recorded phone, played to one with the same key: his own key exchange is another.
      try (var played = new Socket(InetAddress.getLoopbackAddress(), twin.port())) {
        played.setSoTimeout(20_000);
        played.getOutputStream().write(recorded);
        played.getOutputStream().flush();
        readToEnd(played);
      }
      org.awaitility.Awaitility.await().until(() -> !twin.failures().isEmpty());
      assertThat(twin.failures().getFirst()).contains("Tag mismatch");
      assertThat(twin.seen()).isEmpty();
      // A live phone that judges nothing gets through to him.
      try (Line line = house.owner().connect(twin.port())) {
        assertThat(line.peer()).isEqualTo(house.hub().identity().leaf());
      }
    }
  }

  @Test
  @DisplayName("gets no command to the hub in a phone's name, though the phone talks to him")
  void forwards_nothing() throws Exception {
    try (EvilTwin twin = EvilTwin.before(house.port(), EvilTwin.of(house.hub().identity()))) {
      try (Line line = house.owner().connect(twin.port())) {
        assertThat(unlock(line).problem()).isEqualTo("unauthorized");
      }
      var seen = twin.seen().orElseThrow();
      assertThat(seen).isEqualTo(house.owner().identity().certificate());
      twin.show(new TlsIdentity(new TestPhone("Eve").keys().getPrivate(), seen));
      assertThatThrownBy(
              () -> {
                try (Line line = house.owner().connect(twin.port())) {
                  unlock(line);
                }
              })
          .isInstanceOf(IOException.class);
      // With the hub's own certificate he is not a phone either.
      twin.show(EvilTwin.of(house.hub().identity()));
      try (Line line = house.owner().connect(twin.port())) {
        assertThat(unlock(line).problem()).isEqualTo("unauthorized");
      }
    }
    assertThat(done()).isZero();
    try (Line line = house.owner().connect(tap.port())) {
      assertThat(unlock(line).status()).isEqualTo(200);
    }
  }
}
