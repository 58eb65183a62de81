// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.JournalView;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.server.journal.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fails as a device in the field does, reads the journal, and then does what it advises. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("The journal says why a handshake failed, and following it helps")
class HandshakeJournalTest {
  /** The beginning of a TLS record of 512 bytes, which never come. */
  private static final byte[] BEGUN = {22, 3, 1, 2, 0};

  private final Map<String, TestServer> servers = new HashMap<>();
  private Program openssl;
  private Program curl;
  private Path scratch;

  @BeforeAll
  void startServers(@TempDir Path directory) throws Exception {
    scratch = directory;
    openssl = Program.in(scratch, "openssl");
    curl = Program.in(scratch, "curl");
    for (String provider : List.of("boringssl", "jdk")) {
      String config = "tls:\n  provider: " + provider + "\nlimits:\n  handshakeTimeoutSeconds: 1\n";
      servers.put(
          provider,
          TestServer.start(scratch.resolve(provider), MutableClock.atMachineTime(), config));
    }
  }

  @AfterAll
  void stopServers() {
    servers.values().forEach(TestServer::close);
  }

  private TestServer server(String provider) {
    return Objects.requireNonNull(servers.get(provider));
  }

  private interface Act {
    void run() throws Exception;
  }

  private JournalView strangers(String provider) throws Exception {
    return JournalView.unattributed(server(provider).operator());
  }

  private void notes(String provider, Reason reason, Act failing) throws Exception {
    notes(strangers(provider), reason, failing);
  }

  private static void notes(JournalView journal, Reason reason, Act failing) throws Exception {
    long before = journal.count(reason);
    failing.run();
    await().untilAsserted(() -> assertThat(journal.count(reason)).isGreaterThan(before));
    assertThat(journal.newest(reason).path("step").asString()).isEqualTo(reason.step().wireName());
    assertThat(journal.newest(reason).path("address").asString()).isIn("127.0.0.1", "::1");
  }

  private Run sClient(String provider, String... arguments) {
    TestServer server = server(provider);
    var all = new ArrayList<>(List.of("s_client", "-connect", "localhost:" + server.devicePort()));
    all.addAll(List.of("-CAfile", server.directory().root().toString(), "-verify_return_error"));
    all.addAll(List.of(arguments));
    return openssl.run(all.toArray(String[]::new));
  }

  private void connects(String provider, String... arguments) {
    Run run = sClient(provider, arguments);
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  private Socket socket(String provider) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server(provider).devicePort());
  }

  private int curl(String url, String... arguments) {
    var all = new ArrayList<>(List.of("-sS", "-m", "20", "-o", "/dev/null"));
    all.addAll(List.of(arguments));
    all.add(url);
    return curl.run(all.toArray(String[]::new)).exitCode();
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("plain HTTP on the TLS port: https")
  void plain_http(String provider) throws Exception {
    String name = "localhost:" + server(provider).devicePort() + "/v1/settings?secret=12345";
    notes(provider, Reason.PLAIN_HTTP, () -> assertThat(curl("http://" + name)).isNotZero());
    assertThat(strangers(provider).newest(Reason.PLAIN_HTTP).toString())
        .doesNotContain("secret", "12345", "736563726574");

    String root = server(provider).directory().root().toString();
    assertThat(curl("https://" + name, "--cacert", root)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("another protocol on the TLS port")
  void not_tls(String provider) throws Exception {
    notes(
        provider,
        Reason.NOT_TLS,
        () -> {
          try (Socket socket = socket(provider)) {
            socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(50);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("TLS 1.1: 1.2")
  void tls_version(String provider) throws Exception {
    notes(
        provider,
        Reason.TLS_VERSION,
        () ->
            assertThat(sClient(provider, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0").exitCode())
                .isNotZero());
    connects(provider, "-tls1_2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("no common cipher suite: the one that the advice names")
  void no_common_cipher(String provider) throws Exception {
    notes(
        provider,
        Reason.NO_COMMON_CIPHER,
        () ->
            assertThat(
                    sClient(provider, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")
                        .exitCode())
                .isNotZero());
    assertThat(strangers(provider).newest(Reason.NO_COMMON_CIPHER).path("advice").asString())
        .contains("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    connects(provider, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("no common signature algorithm: the one that the advice names")
  void no_common_signature(String provider) throws Exception {
    notes(
        provider,
        Reason.NO_COMMON_GROUP,
        () ->
            assertThat(sClient(provider, "-tls1_3", "-sigalgs", "rsa_pss_rsae_sha256").exitCode())
                .isNotZero());
    connects(provider, "-tls1_3", "-sigalgs", "ecdsa_secp256r1_sha256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("the device has another root: this installation's root.pem")
  void server_not_trusted(String provider) throws Exception {
    String other = provider.equals("jdk") ? "boringssl" : "jdk";
    String url = "https://localhost:" + server(provider).devicePort() + "/v1/settings";
    for (String version : List.of("1.3", "1.2")) {
      notes(
          provider,
          Reason.SERVER_NOT_TRUSTED,
          () ->
              assertThat(
                      curl(
                          url,
                          "--tlsv" + version,
                          "--tls-max",
                          version,
                          "--cacert",
                          server(other).directory().root().toString()))
                  .isNotZero());
    }
    assertThat(curl(url, "--cacert", server(provider).directory().root().toString())).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("the device expects another name: one that is in the certificate")
  void wrong_name(String provider) throws Exception {
    notes(
        provider,
        Reason.SERVER_REFUSED,
        () ->
            assertThat(sClient(provider, "-verify_hostname", "gateway.example").exitCode())
                .isNotZero());
    connects(provider, "-verify_hostname", "localhost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("the device's clock is ahead: the right time")
  void wrong_clock(String provider) throws Exception {
    notes(
        provider,
        Reason.SERVER_CERTIFICATE_EXPIRED,
        () -> assertThat(sClient(provider, "-attime", "4070908800").exitCode()).isNotZero());
    connects(provider);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("a handshake that never goes on, and one that is broken off")
  void stalls(String provider) throws Exception {
    notes(
        provider,
        Reason.HANDSHAKE_TIMEOUT,
        () -> {
          try (Socket socket = socket(provider)) {
            socket.getOutputStream().write(BEGUN);
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(50);
          }
        });
    notes(
        provider,
        Reason.HANDSHAKE_BROKEN_OFF,
        () -> {
          try (Socket socket = socket(provider)) {
            socket.getOutputStream().write(BEGUN);
          }
        });
    notes(provider, Reason.NO_HANDSHAKE, () -> socket(provider).close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("a certificate with another's key: its own, which the advice names")
  void foreign_key(String provider) throws Exception {
    TestServer server = server(provider);
    TestDevice device = server.enrol("HJ-" + provider);
    var mixed = new TlsIdentity(TestDevice.newKeys().getPrivate(), device.identity().certificate());
    // BoringSSL forgets the certificate with the handshake; the JDK still has it to show.
    JournalView journal =
        provider.equals("jdk")
            ? JournalView.of(server.operator(), device.serial())
            : strangers(provider);
    notes(
        journal,
        Reason.CERTIFICATE_NOT_PROVEN,
        () ->
            assertThatThrownBy(
                    () -> {
                      try (HttpsConnection connection =
                          HttpsConnection.open(
                              server.devicePort(), server.root(), Optional.of(mixed))) {
                        connection.get("/v1/settings");
                      }
                    })
                .isInstanceOf(IOException.class));
    assertThat(journal.newest(Reason.CERTIFICATE_NOT_PROVEN).path("claimed").asBoolean()).isTrue();
    device.settings().expect(200);
  }

  @Test
  @DisplayName("an RSA client below TLS 1.3: TLS 1.3")
  void rsa_needs_tls_1_3() throws Exception {
    Run made =
        openssl.run(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "rsa.key",
            "-out",
            "rsa.pem",
            "-subj",
            "/CN=SN-1",
            "-days",
            "2");
    assertThat(made.exitCode()).as(made.output()).isZero();
    notes(
        "boringssl",
        Reason.CLIENT_KEY_NEEDS_TLS_1_3,
        () -> sClient("boringssl", "-tls1_2", "-cert", "rsa.pem", "-key", "rsa.key"));
    connects("boringssl", "-tls1_3", "-cert", "rsa.pem", "-key", "rsa.key");
  }
}
