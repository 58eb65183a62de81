// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.MutableClock;
import dev.countersign.integration.Program;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.MacMessage;
import dev.countersign.protocol.sealed.OpenedRequest;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.telemetry.CborReadings;
import dev.countersign.protocol.telemetry.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("The example in C")
class CSealedDeviceTest {
  private static final Path VECTORS =
      Path.of(System.getProperty("countersign.root", "."), "docs/vectors/sealed-messages.json");
  private static final byte[] ECHO = {1, 2, 3, 4, 5, 6, 7, 8};

  @TempDir Path scratch;

  private static JsonNode example() {
    return new JsonMapper()
        .readTree(VECTORS)
        .path("cases")
        .valueStream()
        .filter(c -> c.path("name").asString().equals("settings-pull-alg30"))
        .findFirst()
        .orElseThrow();
  }

  private CSealedDevice device() throws Exception {
    JsonNode example = example();
    return CSealedDevice.compile(
        scratch, example.path("password").asString(), example.path("serial").asString());
  }

  private static DeviceKey key() {
    return DeviceKey.ofSecret(example().path("password").asString().getBytes(US_ASCII));
  }

  private static DeviceSerial serial() {
    return new DeviceSerial(example().path("serial").asString());
  }

  private static OpenedRequest open(String token) throws Exception {
    try (DeviceKey key = key()) {
      SealedMessage message = SealedMessage.parse(token);
      return message instanceof MacMessage mac
          ? MacContext.of(key, serial(), 1).open(mac)
          : OscoreContext.ofServer(key, serial(), 1, SealedAlgorithm.CCM, Optional.empty())
              .open((OscoreMessage) message);
    }
  }

  @Test
  @DisplayName("derives the keys, seals the request and opens the answers of the vectors")
  void vectors() throws Exception {
    CSealedDevice device = device();
    JsonNode example = example();
    String keys = device.run("keys");
    for (String name : new String[] {"kid", "senderKey", "recipientKey", "commonIv"}) {
      assertThat(keys).contains(name + " " + example.path(name).asString());
    }
    for (String name : new String[] {"mac-d2s", "mac-s2d"}) {
      assertThat(keys).contains(name + " " + example.path("derived").path(name).asString());
    }
    String request = example.path("request").path("token").asString();
    assertThat(device.run("-n", "300", "settings", "12")).isEqualTo(request);
    String answer = example.path("response").path("token").asString();
    assertThat(device.run("open", request, answer)).startsWith("2.05 {1: 12, 2: 60, 3: 20.25}");
    JsonNode mac = example.path("mac");
    assertThat(
            device.run(
                "open", mac.path("requestToken").asString(), mac.path("responseToken").asString()))
        .isEqualTo("2.04\necho e1e2e3e4e5e6e7e8");
  }

  @Test
  @DisplayName("sends readings and reads settings, sealed and by MAC, with an Echo and without")
  void conversation() throws Exception {
    CSealedDevice device = device();
    for (String[] level : new String[][] {{}, {"-m"}}) {
      String reading = device.run(arguments(level, "reading", "temperature", "19.5"));
      OpenedRequest opened = open(reading);
      assertThat(opened.message().code()).isEqualTo(CoapCode.POST);
      assertThat(opened.message().path()).isEqualTo("d");
      assertThat(CborReadings.decode(opened.message().body()))
          .containsExactly(new Reading("temperature", new Scalar.Numeric(19.5), null));
      String taken = opened.answer(InnerMessage.of(CoapCode.CHANGED).withEcho(ECHO)).token();
      assertThat(device.run("open", reading, taken)).isEqualTo("2.04\necho 0102030405060708");

      String ask = device.run(arguments(level, "-e", "0102030405060708", "settings", "0"));
      OpenedRequest asked = open(ask);
      assertThat(asked.message())
          .isEqualTo(InnerMessage.requestTo(CoapCode.GET, "s?v=0").withEcho(ECHO));
      assertThat(asked.sequence()).isGreaterThan(opened.sequence());
      String told = asked.answer(settings()).token();
      assertThat(device.run("open", ask, told))
          .contains(
              "2.05 {1: 3, 2: {\"label\": \"x\", \"interval\": 60}, 3: 0, 4: 0, 5: 1795293000}");
      assertThat(device.tryRun("open", reading, told).exitCode()).as("another's answer").isOne();
      String altered = told.substring(0, told.length() - 5) + "AAAAA";
      assertThat(device.tryRun("open", ask, altered).exitCode()).as("altered").isOne();
    }
  }

  private String[] arguments(String[] level, String... command) throws Exception {
    Stream<String> flash = Stream.of("-f", scratch.resolve("flash").toString());
    return Stream.concat(Stream.concat(Stream.of(level), flash), Stream.of(command))
        .toArray(String[]::new);
  }

  @Test
  @DisplayName("talks with a server through curl: readings once, settings, and a lost answer")
  void with_server() throws Exception {
    try (TestServer server =
        TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime())) {
      String body = "{\"serial\":\"C-1\",\"credential\":\"sealed\"}";
      JsonNode added = server.operator().send("POST", "/v1/devices", body).expect(201).json();
      server.operator().set("C-1", "{\"interval\":30}");
      CSealedDevice device = CSealedDevice.compile(scratch, added.path("secret").asString(), "C-1");
      String[] level = {};

      String reading = device.run(arguments(level, "reading", "temperature", "19.5"));
      String taken = relayed(server, reading);
      assertThat(relayed(server, reading)).as("asked again").isEqualTo(taken);
      String opened = device.run("open", reading, taken);
      assertThat(opened).startsWith("2.04\necho ");
      assertThat(server.operator().readings("C-1"))
          .singleElement()
          .satisfies(stored -> {
            assertThat(stored.path("value").asDouble()).isEqualTo(19.5);
            assertThat(stored.path("level").asInt()).isEqualTo(2);
          });

      String echo = opened.substring(opened.indexOf("echo ") + 5);
      String ask = device.run(arguments(level, "-e", echo, "settings", "0"));
      assertThat(device.run("open", ask, relayed(server, ask)))
          .contains("2.05 {1: 1, 2: {\"interval\": 30}");
      assertThat(relayed(server, altered(ask))).isEqualTo("e1.1");
    }
  }

  private static String altered(String token) {
    int at = token.length() - 8;
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }

  /** As a relay brings it, that knows nothing but HTTP. */
  private String relayed(TestServer server, String token) {
    return Program.in(scratch, "curl")
        .run(
            "-sS",
            "--cacert",
            server.directory().root().toString(),
            server.deviceUrl() + "/r?o=" + token)
        .out();
  }

  private static InnerMessage settings() throws Exception {
    Settings settings = Settings.parse("{\"interval\":60,\"label\":\"x\"}".getBytes(US_ASCII));
    var answer = new SettingsAnswer(3, settings, 0, 0, Instant.parse("2026-11-21T20:30:00Z"));
    return InnerMessage.of(CoapCode.CONTENT)
        .withEtag(3)
        .withContentFormat(InnerMessage.CBOR)
        .withBody(SealedSettings.encode(answer));
  }

  @Test
  @DisplayName("uses no number twice over boots, and none without writing the bound ahead")
  void numbers() throws Exception {
    CSealedDevice device = device();
    Set<Long> used = new HashSet<>();
    for (int boot = 0; boot < 5; boot++) {
      long number = open(device.run(arguments(new String[0], "settings", "0"))).sequence();
      assertThat(used.add(number)).isTrue();
      assertThat(Long.parseLong(Files.readString(device.flash()).strip())).isGreaterThan(number);
    }
    Files.writeString(device.flash(), "torn");
    assertThat(device.tryRun(arguments(new String[0], "settings", "0")).exitCode()).isOne();
    assertThat(device.tryRun("-f", "/nowhere/flash", "settings", "0").exitCode()).isOne();
  }
}
