// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.JournalView;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.Program;
import dev.countersign.integration.PskDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.server.journal.Reason;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("TLS with a pre-shared key, by openssl and gnutls-cli")
final class PskInteropTest {
  private static final Pattern ALERT = Pattern.compile("alert number (\\d+)");

  private TestServer server;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    server = TestServer.start(directory.resolve("data"), MutableClock.atMachineTime());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private JsonNode onlyReading(String serial) throws Exception {
    assertThat(server.operator().readings(serial)).hasSize(1);
    return server.operator().readings(serial).getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_CCM_SHA256",
        "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"
      })
  @DisplayName("openssl, TLS 1.3: a reading is stored at level 3, with the key that proved it")
  void openssl_13(String suites, @TempDir Path directory) throws Exception {
    PskDevice device = PskDevice.add(server, "O13-" + Integer.toHexString(suites.hashCode()));
    String said = device.openssl13(directory, PskDevice.reading(), "-ciphersuites", suites);
    assertThat(said).contains("HTTP/1.1 204").contains("TLSv1.3");
    JsonNode reading = onlyReading(device.serial());
    assertThat(reading.path("level").asInt()).isEqualTo(3);
    assertThat(reading.path("listener").asString()).isEqualTo("device-psk");
    assertThat("cs1." + reading.path("keyId").asString()).isEqualTo(device.identity());
    assertThat(server.operator().device(device.serial()).path("level").asInt()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ECDHE-PSK-CHACHA20-POLY1305", "ECDHE-PSK-AES128-CBC-SHA256"})
  @DisplayName("openssl, TLS 1.2: ECDHE-PSK, a reading and the settings")
  void openssl_12(String suite, @TempDir Path directory) throws Exception {
    PskDevice device = PskDevice.add(server, "O12-" + Integer.toHexString(suite.hashCode()));
    assertThat(device.openssl12(directory, PskDevice.reading(), "-cipher", suite))
        .contains("HTTP/1.1 204")
        .contains("TLSv1.2");
    server.operator().set(device.serial(), "{\"interval\":60}");
    assertThat(
            device.openssl12(
                directory, PskDevice.request("GET", "/v1/settings", ""), "-cipher", suite))
        .contains("\"interval\":60");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X25519", "P-256"})
  @DisplayName("each group, also one for which the server has to ask again")
  void groups(String group, @TempDir Path directory) throws Exception {
    PskDevice device = PskDevice.add(server, "G-" + group);
    assertThat(device.openssl13(directory, PskDevice.reading(), "-groups", group))
        .contains("HTTP/1.1 204");
    assertThat(device.openssl13(directory, PskDevice.reading(), "-groups", "P-384:" + group))
        .contains("HTTP/1.1 204");
  }

  @Test
  @DisplayName("gnutls-cli, TLS 1.3")
  void gnutls_13(@TempDir Path directory) throws Exception {
    PskDevice device = PskDevice.add(server, "GNUTLS");
    assertThat(device.gnutls13(directory, PskDevice.reading())).contains("HTTP/1.1 204");
    assertThat(onlyReading("GNUTLS").path("listener").asString()).isEqualTo("device-psk");
  }

  @Test
  @DisplayName("the bare serial names the current key")
  void bare_serial(@TempDir Path directory) throws Exception {
    PskDevice device = PskDevice.add(server, "BARE").saying("BARE");
    assertThat(device.openssl13(directory, PskDevice.reading())).contains("HTTP/1.1 204");
    assertThat(device.openssl12(directory, PskDevice.reading())).contains("HTTP/1.1 204");
  }

  @Test
  @DisplayName("TLS 1.2 with ECDHE on a curve that is not ours, and without forward secrecy")
  void refuses_what_is_weak(@TempDir Path directory) throws Exception {
    PskDevice device = PskDevice.add(server, "WEAK");
    for (String suite :
        new String[] {
          "PSK-AES128-GCM-SHA256",
          "DHE-PSK-AES128-GCM-SHA256",
          "RSA-PSK-AES128-GCM-SHA256",
          "PSK-AES128-CCM8",
          "ECDHE-PSK-NULL-SHA256",
          "ECDHE-PSK-AES128-CBC-SHA",
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "AES128-GCM-SHA256"
        }) {
      String said =
          device.openssl12(directory, PskDevice.reading(), "-cipher", suite + ":@SECLEVEL=0");
      assertThat(said).as(suite).contains("alert number 40").doesNotContain("HTTP/1.1");
    }
    assertThat(device.openssl12(directory, PskDevice.reading(), "-curves", "P-521"))
        .contains("alert number 40");
    assertThat(server.operator().readings("WEAK")).isEmpty();
  }

  @Test
  @DisplayName("no renegotiation")
  void no_renegotiation(@TempDir Path directory) throws Exception {
    PskDevice device = PskDevice.add(server, "RENEG");
    Program.Running running =
        Program.in(directory, "openssl")
            .start(
                "s_client",
                "-connect",
                "localhost:" + server.pskPort(),
                "-tls1_2",
                "-psk_identity",
                device.identity(),
                "-psk",
                device.tls12Key());
    running.type("R\n");
    assertThat(running.awaitEnd().output()).containsIgnoringCase("no renegotiation");
  }

  private static String alert(String said) {
    Matcher alert = ALERT.matcher(said);
    assertThat(alert.find()).as(said).isTrue();
    assertThat(said).doesNotContain("HTTP/1.1");
    return alert.group(1);
  }

  @Test
  @DisplayName("wrong key, unknown identity, suspended and revoked device: the same alert")
  void refusals_are_alike(@TempDir Path directory) throws Exception {
    PskDevice device = PskDevice.add(server, "REFUSED");
    PskDevice stranger = device.saying("cs1.000000000000");
    String wrong13 = alert(device.guessing().openssl13(directory, PskDevice.reading()));
    String wrong12 = alert(device.guessing().openssl12(directory, PskDevice.reading()));
    assertThat(alert(stranger.openssl13(directory, PskDevice.reading()))).isEqualTo(wrong13);
    assertThat(alert(stranger.openssl12(directory, PskDevice.reading()))).isEqualTo(wrong12);
    server.operator().suspend("REFUSED");
    assertThat(alert(device.openssl13(directory, PskDevice.reading()))).isEqualTo(wrong13);
    server.operator().resume("REFUSED");
    assertThat(device.openssl13(directory, PskDevice.reading())).contains("HTTP/1.1 204");
    server.operator().revoke("REFUSED");
    assertThat(alert(device.openssl13(directory, PskDevice.reading()))).isEqualTo(wrong13);
    assertThat(alert(device.openssl12(directory, PskDevice.reading()))).isEqualTo(wrong12);
    assertThat(wrong13).isEqualTo("51");
    assertThat(wrong12).isEqualTo("20");
    JournalView journal = JournalView.of(server.operator(), "REFUSED");
    assertThat(journal.count(Reason.PSK_WRONG_KEY)).isEqualTo(2);
    assertThat(journal.count(Reason.SUSPENDED)).isEqualTo(1);
    JournalView nobody = JournalView.unattributed(server.operator());
    assertThat(nobody.newest(Reason.PSK_UNKNOWN_IDENTITY).path("detail").asString())
        .contains("cs1.000000000000");
  }

  @Test
  @DisplayName("no key is offered: the journal says which port to use")
  void certificate_client(@TempDir Path directory) throws Exception {
    var openssl = Program.in(directory, "openssl");
    String address = "localhost:" + server.pskPort();
    assertThat(openssl.runWith("", "s_client", "-connect", address, "-tls1_3").output())
        .contains("alert number 40");
    JournalView nobody = JournalView.unattributed(server.operator());
    assertThat(nobody.count(Reason.PSK_NOT_OFFERED)).isEqualTo(1);
  }
}
