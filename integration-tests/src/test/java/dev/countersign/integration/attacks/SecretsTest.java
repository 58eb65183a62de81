// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.Program;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.pki.key.SigningKey;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every search has a control: something that lies in the same place and must be found, so that a
 * search that finds nothing says something.
 */
@DisplayName("Secrets and readings stay where they belong")
class SecretsTest {
  /** A value that is found if it is anywhere. */
  private static final String READING = "QwErTy741852963AsDfGh";

  /** The planted one: a serial, which is no secret, and is stored, logged and remembered. */
  private static final String PLANTED = "Planted-7f3a9c51e08b46d2a4c7";

  private static final String EVERYTHING =
      """
      <configuration>
        <appender name="stderr" class="ch.qos.logback.core.ConsoleAppender">
          <target>System.err</target>
          <encoder><pattern>%level %logger %msg%n</pattern></encoder>
        </appender>
        <root level="TRACE"><appender-ref ref="stderr"/></root>
      </configuration>
      """;

  private final SecretSearch secrets = new SecretSearch();
  private final SharedSecretsInUse sharedSecrets = new SharedSecretsInUse(secrets);
  private final SecretSearch planted = new SecretSearch().add("planted serial", PLANTED);

  @Test
  @DisplayName(
      "no token, key, passphrase or query is in the log, no token or key in the data"
          + " [A1, A11]")
  void leaks_nothing(@TempDir Path scratch) throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch)) {
      OperatorCalls operator = use(server, 10_000);
      // The journal tells once a second, and the output comes through a pipe.
      await("the log tells of the refusals")
          .until(() ->
              server.errors().contains("outcome=refused") && server.errors().contains(PLANTED));
      assertThat(server.errors() + server.output())
          .contains(PLANTED)
          .doesNotContain(READING, TestServer.ROOT_PASSPHRASE, "?");

      assertThat(operator.readings(PLANTED)).as("readings are kept").hasSize(2);
      assertNotIn(server.directory().path());
      assertThat(server.terminate()).isZero();
      assertNotIn(server.directory().path());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "jdk"})
  @DisplayName(
      "nor are they in the log of everything, the heap, a list of threads or a report of a crash")
  void keeps_nothing_in_memory(String provider, @TempDir Path scratch) throws Exception {
    Path logging = Files.writeString(scratch.resolve("logback.xml"), EVERYTHING);
    Path crash = scratch.resolve("crash.txt");
    Program jcmd = Program.ofJdk(scratch, "jcmd");
    Program kill = Program.in(scratch, "kill");
    try (ServerProcess server =
        ServerProcess.start(
            scratch,
            "tls:\n  provider: " + provider + "\n",
            "-Dlogback.configurationFile=" + logging,
            "-Dplanted=" + PLANTED,
            "-XX:ErrorFile=" + crash,
            "-XX:-CreateCoredumpOnCrash")) {
      use(server, 2_000); // of which everything is logged
      Path heap = scratch.resolve("live.hprof");
      String pid = Long.toString(server.pid());
      // Without -all, a full collection comes first: what is left, something still refers to.
      assertThat(jcmd.run(pid, "GC.heap_dump", heap.toString()).out()).contains("created");
      assertNotIn(heap);
      assertThat(
              new SecretSearch()
                  .add("KEK", Files.readAllBytes(server.directory().keyEncryptionKey()))
                  .in(heap))
          .as("the key that opens the secrets is in its memory, and the search finds it there")
          .isNotEmpty();
      assertThat(key("signing key", server.directory().keys().resolve("device-ca.key")).in(heap))
          .as("keys the server signs with are in its memory, and the search finds them there")
          .isNotEmpty();

      assertThat(kill.run("-QUIT", pid).exitCode()).isZero();
      await().until(() -> server.output().contains("Full thread dump"));
      await().until(() -> server.output().contains("JNI global refs"));
      Path log = Files.writeString(scratch.resolve("log"), server.errors() + server.output());
      assertThat(Files.readString(log)).contains("TRACE io.netty").doesNotContain(READING);
      assertNotIn(log);

      assertThat(kill.run("-SEGV", pid).exitCode()).isZero();
      assertThat(server.join()).isNotZero();
      assertNotIn(crash);
    }
  }

  private void assertNotIn(Path place) throws IOException {
    assertThat(planted.in(place)).as("what was planted, by the same search").isNotEmpty();
    assertThat(secrets.in(place)).isEmpty();
  }

  private OperatorCalls use(ServerProcess server, int imported) throws Exception {
    OperatorCalls operator = server.operator();
    String token = operator.addDevice(PLANTED);
    String unused = operator.addDevice("SC-2");
    addToken("used token", token);
    addToken("unused token", unused);
    addToken("replaced token", operator.addDevice("SC-3"));
    addToken("replacing token", operator.newToken("SC-3"));
    KeyPair keys = TestDevice.newKeys();
    addKey("device key", keys.getPrivate());
    TlsIdentity identity = TlsIdentity.read(server.directory().operatorIdentity());
    addKey("operator key", identity.key());
    // init leaves it there to be taken away, and the server never reads it.
    Files.delete(server.directory().operatorIdentity());
    secrets.add("passphrase", TestServer.ROOT_PASSPHRASE);
    sharedSecrets.use(server, operator, imported);

    TestDevice device = TestDevice.enrolWith(server, PLANTED, token, keys);
    operator.set(PLANTED, "{\"interval\":60}");
    device.settings().expect(200);
    device.send("GET", "/v1/readings?t=" + READING, "").expect(204);
    device.report("{\"t\":\"" + READING + "\"}").expect(204);
    device.send("GET", "/v1/readings?7=" + READING, "").expect(400);
    TestDevice renewed = device.renewed();
    addKey("renewed key", renewed.keys().getPrivate());

    byte[] csr = TestDevice.csr(TestDevice.newKeys());
    TestDevice.simpleEnrol(server, PLANTED, token, csr).expect(401);
    TestDevice.simpleEnrol(server, "SC-NONE", unused, csr).expect(401);
    String wrong = "cst1." + READING + READING + "." + READING + READING;
    TestDevice.simpleEnrol(server, "SC-2", wrong, csr).expect(401);
    operator.get("/v1/devices?token=" + unused).expect(400);
    operator.revoke(PLANTED);
    device.send("GET", "/v1/readings?t=" + READING, "").expect(401);
    try (var nobody = server.connect()) {
      nobody.get("/v1/readings?t=" + READING).expect(401);
      nobody.get("/" + READING + "?t=" + token).expect(404);
    }
    return operator;
  }

  /** The secret of a token; the rest of it is the fingerprint of the root. */
  private void addToken(String name, String token) {
    String text = token.substring(token.lastIndexOf('.') + 1);
    secrets.add(name, text).add(name + "'s bytes", Base64.getUrlDecoder().decode(text));
  }

  private void addKey(String name, PrivateKey key) {
    secrets.add(name, scalar(key));
  }

  private static SecretSearch key(String name, Path file) throws Exception {
    PrivateKey key = SigningKey.parsePem(Files.readString(file, UTF_8)).privateKey();
    return new SecretSearch().add(name, scalar(key));
  }

  /** The private number, without what the encoding of a key puts around it. */
  private static byte[] scalar(PrivateKey key) {
    BigInteger number = ((ECPrivateKey) key).getS();
    byte[] bytes = number.toByteArray();
    return Arrays.copyOfRange(bytes, Math.max(0, bytes.length - 31), bytes.length);
  }
}
