// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.MutableClock;
import dev.countersign.integration.Program;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.MacMessage;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SentRequest;
import dev.countersign.protocol.telemetry.CborReadings;
import dev.countersign.protocol.telemetry.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What one reading costs on the wire, by level: bytes above TCP, and how often the device waits.
 * The figures are printed; docs/cost.md has them.
 */
@DisplayName("The cost of a reading stays what docs/cost.md says")
class CostTest {
  private static final DeviceSerial SERIAL = new DeviceSerial("P1-00042187");
  private static final String JSON = "{\"temperature\":19.5}";
  private static final String REQUEST =
      "POST /v1/readings HTTP/1.1\r\nHost: devices.example.com\r\nConnection: close\r\n"
          + "Content-Length: "
          + JSON.length()
          + "\r\n\r\n"
          + JSON;
  private static final InnerMessage TAKEN = InnerMessage.of(CoapCode.CHANGED).withEcho(new byte[8]);

  @TempDir Path scratch;
  private final List<String> rows = new ArrayList<>();

  private void row(String what, long up, long down, int roundTrips, long limitBytes) {
    rows.add("| %s | %d | %d | %d |".formatted(what, up, down, roundTrips));
    assertThat(up + down).as(what).isLessThanOrEqualTo(limitBytes);
  }

  private static InnerMessage reading() {
    byte[] body =
        CborReadings.encode(List.of(new Reading("temperature", new Scalar.Numeric(19.5), null)));
    return InnerMessage.request(CoapCode.POST, "d").withEcho(new byte[8]).withBody(body);
  }

  @Test
  @DisplayName("without TLS: a password in a GET, a MAC, a seal")
  void tokens() throws Exception {
    String password = "GET /old.php?id=P1-00042187&pw=kP7vQ2mZx9LrT4nW&t=19.5 HTTP/1.1\r\n";
    row("0 password in a GET", password.length(), "HTTP/1.1 200 OK\r\n".length(), 1, 100);
    try (DeviceKey key = DeviceKey.ofSecret("a secret of a device".getBytes(US_ASCII));
        MacContext mac = MacContext.of(key, SERIAL, 1)) {
      SentRequest sent = mac.seal(300, reading());
      String answer = mac.open((MacMessage) sent.message()).answer(TAKEN).token();
      row("1 MAC, token", sent.message().token().length(), answer.length(), 1, 200);
      OscoreContext device =
          OscoreContext.ofDevice(key, SERIAL, 1, SealedAlgorithm.CCM, Optional.empty());
      OscoreContext server =
          OscoreContext.ofServer(key, SERIAL, 1, SealedAlgorithm.CCM, Optional.empty());
      SentRequest sealed = device.seal(300, reading(), false);
      var request = (OscoreMessage) sealed.message();
      OscoreMessage taken = (OscoreMessage) server.open(request).answer(TAKEN);
      row("2 sealed, token (GET /r?o=)", request.token().length(), taken.token().length(), 1, 127);
      row(
          "2 sealed, option and ciphertext (POST /r)",
          request.header().length() + request.ciphertext().length,
          taken.header().length() + taken.ciphertext().length,
          1,
          88);
    }
    print();
  }

  @Test
  @DisplayName("with TLS: pre-shared key, certificates, and a resumed session")
  void connections() throws Exception {
    try (TestServer server =
        TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime())) {
      String body = "{\"serial\":\"K-1\",\"credential\":\"psk\"}";
      JsonNode added = server.operator().send("POST", "/v1/devices", body).expect(201).json();
      TestDevice device =
          TestDevice.enrolWith(
              server, "M-1", server.operator().addDevice("M-1"), TestDevice.newKeys());
      Path identity = scratch.resolve("device.pem");
      Files.writeString(identity, device.identity().insecureToPem());
      String session = scratch.resolve("session").toString();
      String root = server.directory().root().toString();

      measure(
          "3 TLS 1.3, pre-shared key",
          server.pskPort(),
          900,
          "-psk_identity",
          added.path("identity").asString(),
          "-psk",
          added.path("tls13KeyHex").asString());
      measure(
          "4 TLS 1.3, certificates",
          server.devicePort(),
          5000,
          "-CAfile",
          root,
          "-cert",
          identity.toString(),
          "-key",
          identity.toString(),
          "-sess_out",
          session);
      measure(
          "4 TLS 1.3, resumed", server.devicePort(), 3300, "-CAfile", root, "-sess_in", session);
    }
    print();
  }

  private void measure(String what, int port, long limitBytes, String... arguments)
      throws Exception {
    try (var proxy = new CountingProxy(port)) {
      var all =
          new ArrayList<>(
              List.of("s_client", "-connect", "localhost:" + proxy.port(), "-tls1_3", "-quiet"));
      all.addAll(List.of(arguments));
      Program.Run run = Program.in(scratch, "openssl").runWith(REQUEST, all.toArray(String[]::new));
      assertThat(run.out()).as(run.err()).startsWith("HTTP/1.1 204");
      row(what, proxy.up(), proxy.down(), proxy.roundTrips(), limitBytes);
    }
  }

  private void print() {
    System.out.println("| level | bytes up | bytes down | round trips |\n|---|---|---|---|");
    rows.forEach(System.out::println);
  }
}
