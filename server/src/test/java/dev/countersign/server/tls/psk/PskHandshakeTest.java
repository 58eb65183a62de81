// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.tls.psk.PskRefusedException.Ground;
import dev.countersign.server.tls.psk.TestPskClient.Says;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Pre-shared keys: who gets in, and what a refusal tells")
final class PskHandshakeTest {
  private final TestKeys keys = new TestKeys();

  PskHandshakeTest() {
    keys.with("thermometer", keys.key("T-1", 7));
    keys.withRefused("revoked", Ground.DEVICE_REVOKED);
    keys.withRefused("low", Ground.LEVEL_TOO_LOW);
  }

  private static Says says(String version, String identity, int fill) {
    return version.equals("1.3") ? Says.in13(identity, fill) : Says.in12(identity, fill);
  }

  private Wire run(Says says) throws IOException {
    return new Wire(keys, says).run();
  }

  private Ground ground(Wire wire) {
    assertThat(wire.failure).isInstanceOf(PskRefusedException.class);
    return ((PskRefusedException) requireNonNull(wire.failure)).ground();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.3", "1.2"})
  @DisplayName("wrong key, unknown identity, revoked device: the same bytes back, the same work")
  void refusals_are_alike(String version) throws IOException {
    int alert =
        version.equals("1.3") ? AlertDescription.decrypt_error : AlertDescription.bad_record_mac;
    for (Says says :
        new Says[] {
          says(version, "thermometer", 50),
          says(version, "stranger", 7),
          says(version, "revoked", 7),
          says(version, "low", 7)
        }) {
      keys.found.set(0);
      keys.derived.set(0);
      Wire wire = run(says);
      assertThat(wire.peer.alert).as("%s", says).isEqualTo((short) alert);
      assertThat(wire.engine.provenKey()).isEmpty();
      assertThat(keys.found).as("look-ups, %s", says).hasValue(1);
      assertThat(keys.derived).as("derivations, %s", says).hasValue(1);
      if (version.equals("1.3")) {
        assertThat(wire.sent.toByteArray()).containsExactly(21, 3, 3, 0, 2, 2, alert);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.3", "1.2"})
  @DisplayName("the journal is told what the peer is not")
  void grounds(String version) throws IOException {
    assertThat(ground(run(says(version, "thermometer", 50)))).isEqualTo(Ground.WRONG_KEY);
    assertThat(ground(run(says(version, "stranger", 7)))).isEqualTo(Ground.UNKNOWN_IDENTITY);
    Wire wire = run(says(version, "revoked", 7));
    assertThat(ground(wire)).isEqualTo(Ground.DEVICE_REVOKED);
    assertThat(((PskRefusedException) requireNonNull(wire.failure)).serial())
        .isEqualTo(Optional.of(new DeviceSerial("revoked")));
  }

  @Test
  @DisplayName("RFC 9257: the key for TLS 1.2 opens nothing in TLS 1.3, and the other way round")
  void one_key_per_version() throws IOException {
    assertThat(ground(run(Says.in13("thermometer", 8)))).isEqualTo(Ground.WRONG_KEY);
    assertThat(ground(run(Says.in12("thermometer", 6)))).isEqualTo(Ground.WRONG_KEY);
  }

  @Test
  @DisplayName("TLS 1.3: of several devices with one identity the binder tells which it is")
  void binder_decides() throws IOException {
    keys.with("shared", keys.key("A", 20), keys.key("B", 30), keys.key("C", 40));
    for (int fill : new int[] {20, 30, 40}) {
      Wire wire = run(Says.in13("shared", fill));
      assertThat(wire.engine.provenKey().orElseThrow().deviceId()).isEqualTo(fill);
    }
    assertThat(ground(run(Says.in13("shared", 50)))).isEqualTo(Ground.WRONG_KEY);
  }

  @Test
  @DisplayName("TLS 1.2: of several devices with one identity only the first can be tried")
  void first_alone_in_12() throws IOException {
    keys.with("shared", keys.key("A", 20), keys.key("B", 30));
    assertThat(run(Says.in12("shared", 20)).engine.provenKey()).isPresent();
    assertThat(run(Says.in12("shared", 30)).engine.provenKey()).isEmpty();
  }

  @Test
  @DisplayName("a key share in another group first: the retry keeps the key that the binder chose")
  void hello_retry() throws IOException {
    keys.with("shared", keys.key("A", 20), keys.key("B", 30));
    var peer = new TestPskClient(Says.in13("shared", 30));
    peer.earlyGroups = new int[0];
    Wire wire = new Wire(keys, peer).run();
    assertThat(wire.engine.provenKey().orElseThrow().deviceId()).isEqualTo(30);
  }

  @Test
  @DisplayName("of several identities the first that is somebody's counts")
  void several_identities() throws IOException {
    Says says = Says.in13("x", 7).withIdentities("resumption", "thermometer", "other");
    assertThat(run(says).engine.provenKey()).isPresent();
    keys.found.set(0);
    run(Says.in13("x", 7).withIdentities("a", "b", "c", "d", "e", "f", "g", "h", "thermometer"));
    assertThat(keys.found.get()).as("look-ups for one hello").isLessThanOrEqualTo(5);
  }

  @Test
  @DisplayName("a key that is taken away counts no more at the next handshake")
  void keys_live() throws IOException {
    Wire open = run(Says.in13("thermometer", 7));
    keys.remove("thermometer");
    assertThat(ground(run(Says.in13("thermometer", 7)))).isEqualTo(Ground.UNKNOWN_IDENTITY);
    keys.with("thermometer", keys.key("T-1", 9));
    assertThat(run(Says.in13("thermometer", 9)).engine.provenKey()).isPresent();
    assertThat(open.engine.provenKey()).isPresent();
  }

  static Stream<Says> outsideTheProfile() {
    Says good = Says.in12("thermometer", 7);
    return Stream.of(
        good.with(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256),
        good.with(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8),
        good.with(CipherSuite.TLS_DHE_PSK_WITH_AES_128_GCM_SHA256),
        good.with(CipherSuite.TLS_RSA_PSK_WITH_AES_128_GCM_SHA256),
        good.with(CipherSuite.TLS_ECDHE_PSK_WITH_NULL_SHA256),
        good.with(CipherSuite.TLS_PSK_WITH_NULL_SHA256),
        good.with(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA),
        good.with(CipherSuite.TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384),
        good.with(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256).without(false, true),
        good.without(true, false),
        good.with(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA)
            .withVersion(ProtocolVersion.TLSv11),
        Says.in13("thermometer", 7).with(CipherSuite.TLS_AES_128_CCM_8_SHA256),
        Says.in13("thermometer", 7).withMode(PskKeyExchangeMode.psk_ke));
  }

  @ParameterizedTest
  @MethodSource("outsideTheProfile")
  @DisplayName("without forward secrecy, encryption or an extended master secret: refused")
  void refuses_outside_the_profile(Says says) throws IOException {
    Wire wire = run(says);
    assertThat(wire.failure).isNotNull();
    assertThat(wire.engine.provenKey()).isEmpty();
    assertThat(wire.peer.alert)
        .isIn(AlertDescription.handshake_failure, AlertDescription.protocol_version);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256,
        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256
      })
  @DisplayName("each suite of the profile in TLS 1.2")
  void suites_of_12(int suite) throws IOException {
    Wire wire = run(Says.in12("thermometer", 7).with(suite));
    assertThat(wire.engine.getSession().getCipherSuite()).isEqualTo(PskProfile.name(suite));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        CipherSuite.TLS_AES_128_GCM_SHA256,
        CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        CipherSuite.TLS_AES_128_CCM_SHA256
      })
  @DisplayName("each suite of the profile in TLS 1.3")
  void suites_of_13(int suite) throws IOException {
    Wire wire = run(Says.in13("thermometer", 7).with(suite));
    assertThat(wire.engine.getSession().getCipherSuite()).isEqualTo(PskProfile.name(suite));
  }
}
