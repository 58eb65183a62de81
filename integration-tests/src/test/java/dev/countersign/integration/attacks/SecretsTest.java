// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Secrets and readings stay where they belong")
class SecretsTest {
  /** A value that is found if it is anywhere. */
  private static final String READING = "QwErTy741852963";

  @Test
  @DisplayName(
      "no token, key, passphrase or query is in the log, no token or key in the data"
          + " [A1, A11]")
  void leaks_nothing(@TempDir Path scratch) throws Exception {
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    try (ServerProcess server = ServerProcess.start(scratch)) {
      use(server, secrets);
      String log = server.errors() + server.output();
      assertThat(log).as("the log tells of the refusals").contains("outcome=refused");
      assertThat(log).doesNotContain(READING, TestServer.ROOT_PASSPHRASE, "?");
      assertFound(secrets, List.of(log.getBytes(ISO_8859_1)), false);

      assertThat(server.operator().readings("SC-1")).as("readings are kept").hasSize(2);
      assertThat(server.terminate()).isZero();
      secrets.put("passphrase", TestServer.ROOT_PASSPHRASE.getBytes(US_ASCII));
      List<byte[]> data = filesBelow(server.directory().path());
      assertFound(secrets, data, false);
      assertFound(Map.of("serial", "SC-1".getBytes(US_ASCII)), data, true);
    }
  }

  private static void use(ServerProcess server, Map<String, byte[]> secrets) throws Exception {
    OperatorCalls operator = server.operator();
    String token = operator.addDevice("SC-1");
    String unused = operator.addDevice("SC-2");
    TestDevice device = TestDevice.enrolWith(server, "SC-1", token, TestDevice.newKeys());
    device.send("GET", "/v1/readings?t=" + READING, "").expect(204);
    device.report("{\"t\":\"" + READING + "\"}").expect(204);
    device.send("GET", "/v1/readings?7=" + READING, "").expect(400);

    byte[] csr = TestDevice.csr(TestDevice.newKeys());
    TestDevice.simpleEnrol(server, "SC-1", token, csr).expect(401);
    TestDevice.simpleEnrol(server, "SC-NONE", unused, csr).expect(401);
    operator.revoke("SC-1");
    device.send("GET", "/v1/readings?t=" + READING, "").expect(401);
    try (var nobody = server.connect()) {
      nobody.get("/v1/readings?t=" + READING).expect(401);
      nobody.get("/" + READING + "?t=" + token).expect(404);
    }

    put(secrets, "used token", token);
    put(secrets, "unused token", unused);
    byte[] key = ((ECPrivateKey) device.keys().getPrivate()).getS().toByteArray();
    byte[] scalar = Arrays.copyOfRange(key, key.length - 31, key.length);
    secrets.put("device key", scalar);
    secrets.put("device key in hex", hex(scalar));
  }

  private static void put(Map<String, byte[]> secrets, String name, String token) {
    String text = token.substring(token.lastIndexOf('.') + 1);
    byte[] secret = Base64.getUrlDecoder().decode(text);
    secrets.put(name, secret);
    secrets.put(name + " as text", text.getBytes(US_ASCII));
    secrets.put(name + " in hex", hex(secret));
  }

  private static byte[] hex(byte[] secret) {
    return HexFormat.of().formatHex(secret).getBytes(US_ASCII);
  }

  private static List<byte[]> filesBelow(Path directory) throws IOException {
    var contents = new ArrayList<byte[]>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.add(Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static void assertFound(
      Map<String, byte[]> wanted, List<byte[]> haystack, boolean expected) {
    wanted.forEach((name, bytes) -> {
      String needle = new String(bytes, ISO_8859_1);
      boolean found =
          haystack.stream().anyMatch(hay -> new String(hay, ISO_8859_1).contains(needle));
      assertThat(found).as(name).isEqualTo(expected);
    });
  }
}
