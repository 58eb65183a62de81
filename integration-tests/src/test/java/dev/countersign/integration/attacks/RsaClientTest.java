// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.MutableClock;
import dev.countersign.integration.Program;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.x509.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An RSA client cannot prove itself with SHA-1 [A25]")
final class RsaClientTest {
  @TempDir private Path scratch;

  private static KeyPair rsaKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  /** Sends a reading with curl at this version of TLS, and returns curl's exit code. */
  private int send(TestServer server, TestDevice device, String version) throws Exception {
    Files.writeString(scratch.resolve("device.pem"), device.identity().insecureToPem(), US_ASCII);
    Files.writeString(scratch.resolve("root.pem"), Certificates.toPem(server.root()), US_ASCII);
    return Program.in(scratch, "curl")
        .run(
            "-sSf",
            "--tlsv" + version,
            "--tls-max",
            version,
            "--cacert",
            "root.pem",
            "--cert",
            "device.pem",
            "-d",
            "{\"t\":1}",
            server.deviceUrl() + "/v1/readings")
        .exitCode();
  }

  @Test
  @DisplayName("with BoringSSL, which takes SHA-1 at TLS 1.2, it needs TLS 1.3")
  void needs_tls_1_3_with_boringssl() throws Exception {
    try (TestServer server =
        TestServer.start(
            scratch.resolve("data"),
            MutableClock.atMachineTime(),
            "tls: {provider: boringssl}\n")) {
      TestDevice device =
          TestDevice.enrolWith(server, "RSA-1", server.operator().addDevice("RSA-1"), rsaKeys());

      assertThat(send(server, device, "1.3")).isZero();
      assertThat(send(server, device, "1.2")).isNotZero();
      assertThat(server.operator().readings("RSA-1")).hasSize(1);
    }
  }

  @Test
  @DisplayName("with the JDK's TLS, which refuses SHA-1 itself, TLS 1.2 will do")
  void may_use_tls_1_2_with_the_jdk() throws Exception {
    try (TestServer server =
        TestServer.start(
            scratch.resolve("data"), MutableClock.atMachineTime(), "tls: {provider: jdk}\n")) {
      TestDevice device =
          TestDevice.enrolWith(server, "RSA-1", server.operator().addDevice("RSA-1"), rsaKeys());

      assertThat(send(server, device, "1.2")).isZero();
    }
  }
}
