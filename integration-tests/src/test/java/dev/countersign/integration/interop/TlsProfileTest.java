// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.MutableClock;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import dev.countersign.integration.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("TLS as openssl sees it [A25]")
class TlsProfileTest {
  /** What may be spoken at 1.2: ECDHE with an AEAD. */
  private static final List<String> SUITES =
      List.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-CHACHA20-POLY1305");

  /** Everything openssl can say, also what it would not say by itself. */
  private static final String EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

  private Program openssl;
  private final Map<String, TestServer> servers = new HashMap<>();

  @BeforeAll
  void startServers(@TempDir Path scratch) throws Exception {
    openssl = Program.in(scratch, "openssl");
    for (String provider : List.of("boringssl", "jdk")) {
      String config = "tls:\n  provider: " + provider + "\n";
      servers.put(
          provider,
          TestServer.start(scratch.resolve(provider), MutableClock.atMachineTime(), config));
    }
  }

  @AfterAll
  void stopServers() {
    servers.values().forEach(TestServer::close);
  }

  private String[] handshake(String provider, String... arguments) {
    TestServer server = Objects.requireNonNull(servers.get(provider));
    var all = new ArrayList<>(List.of("s_client", "-connect"));
    all.add("localhost:" + server.devicePort());
    all.addAll(List.of("-CAfile", server.directory().root().toString(), "-verify_return_error"));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  private Run connect(String provider, String... arguments) {
    return openssl.run(handshake(provider, arguments));
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("TLS 1.3 and 1.2 are spoken, 1.1 and 1.0 are not")
  void speaks_tls_1_3_and_1_2(String provider) {
    assertThat(connect(provider, "-tls1_3").out()).contains("New, TLSv1.3");
    assertThat(connect(provider, "-tls1_2", "-cipher", EVERYTHING).out()).contains("New, TLSv1.2");

    for (String old : List.of("-tls1_1", "-tls1")) {
      Run refused = connect(provider, old, "-cipher", EVERYTHING);
      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.output()).contains("alert protocol version");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("at 1.2 only ECDHE with an AEAD: no static RSA, no CBC, no anonymous, no NULL")
  void speaks_forward_secret_aeads_only(String provider) {
    for (String suite : SUITES) {
      assertThat(connect(provider, "-tls1_2", "-cipher", suite).out())
          .contains("Cipher is " + suite);
    }
    String others = "ALL:COMPLEMENTOFALL:!" + String.join(":!", SUITES) + ":@SECLEVEL=0";
    Run refused = connect(provider, "-tls1_2", "-cipher", others);
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output()).contains("alert handshake failure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("a client cannot renegotiate, and nothing is compressed")
  void refuses_renegotiation(String provider) throws IOException {
    var talking = openssl.start(handshake(provider, "-tls1_2"));
    talking.type("R\n"); // a line that begins with R is openssl's command to renegotiate

    await().until(() -> !talking.isAlive());
    assertThat(talking.output())
        .contains("Compression: NONE")
        .contains("RENEGOTIATING")
        .contains("SSL alert number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  @DisplayName("the master secret is bound to its handshake (RFC 7627)")
  void extends_the_master_secret(String provider) {
    assertThat(connect(provider, "-tls1_2").out()).contains("Extended master secret: yes");
  }
}
