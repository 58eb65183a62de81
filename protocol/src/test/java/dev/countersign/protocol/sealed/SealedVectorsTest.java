// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.examples.SealedVectors;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@DisplayName("The worked examples of docs/protocol.md")
class SealedVectorsTest {
  static Stream<JsonNode> cases() {
    return SealedVectors.cases();
  }

  static Stream<JsonNode> lostStates() {
    return SealedVectors.all().path("lostState").valueStream();
  }

  private static SealedAlgorithm algorithm(JsonNode example) {
    return Arrays.stream(SealedAlgorithm.values())
        .filter(a -> a.coseId() == example.path("algorithm").asInt())
        .findFirst()
        .orElseThrow();
  }

  private static byte[] hex(JsonNode node, String name) {
    return Hexadecimal.decode(node.path(name).asString());
  }

  /** Both sides with the keys of an example. */
  private record Sides(OscoreContext device, OscoreContext server) {
    static Sides of(JsonNode example, Optional<byte[]> idContext) {
      var serial = new DeviceSerial(example.path("serial").asString());
      int generation = example.path("generation").asInt(1);
      try (DeviceKey key = key(example)) {
        return new Sides(
            OscoreContext.ofDevice(key, serial, generation, algorithm(example), idContext),
            OscoreContext.ofServer(key, serial, generation, algorithm(example), idContext));
      }
    }
  }

  private static DeviceKey key(JsonNode example) {
    return example.has("deviceKey")
        ? DeviceKey.wrap(hex(example, "deviceKey"))
        : DeviceKey.ofSecret(example.path("password").asString().getBytes(US_ASCII));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("a request by OSCORE and its answer, byte by byte and back")
  void oscore(JsonNode example) throws Exception {
    Sides sides = Sides.of(example, Optional.ofNullable(SealedVectors.bytes(example, "idContext")));
    JsonNode request = example.path("request");
    assertThat(sides.device.senderKey()).isEqualTo(hex(example, "senderKey"));
    assertThat(sides.device.recipientKey()).isEqualTo(hex(example, "recipientKey"));
    assertThat(sides.device.commonIv()).isEqualTo(hex(example, "commonIv"));
    InnerMessage inner = InnerMessage.decode(hex(request, "inner"));
    assertThat(inner.encode()).isEqualTo(hex(request, "inner"));

    SentRequest sent = sides.device.seal(request.path("sequence").asLong(), inner, false);

    assertThat(sent.message().token()).isEqualTo(request.path("token").asString());
    var parsed = (OscoreMessage) SealedMessage.parse(sent.message().token());
    assertThat(parsed.option().encode()).isEqualTo(hex(request, "option"));
    assertThat(parsed.ciphertext()).isEqualTo(hex(request, "ciphertext"));
    var binding =
        new RequestBinding(
            parsed.option().kid().orElseThrow(),
            Objects.requireNonNull(parsed.option().partialIv()));
    assertThat(sides.device.nonce(binding)).isEqualTo(hex(request, "nonce"));
    assertThat(sides.device.aad(binding)).isEqualTo(hex(request, "aad"));

    OpenedRequest opened = sides.server.open(parsed);
    assertThat(opened.message()).isEqualTo(inner);
    assertThat(opened.sequence()).isEqualTo(request.path("sequence").asLong());
    JsonNode response = example.path("response");
    InnerMessage answer = InnerMessage.decode(hex(response, "inner"));
    SealedMessage sealed = opened.answer(answer);
    assertThat(sealed.token()).isEqualTo(response.path("token").asString());
    assertThat(sent.open(SealedMessage.parse(sealed.token()))).isEqualTo(answer);
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("a request by COSE_Mac0 and its answer, byte by byte and back")
  void mac(JsonNode example) throws Exception {
    var serial = new DeviceSerial(example.path("serial").asString());
    JsonNode mac = example.path("mac");
    try (DeviceKey key = key(example);
        MacContext context = MacContext.of(key, serial, example.path("generation").asInt())) {
      var given = (MacMessage) SealedMessage.parse(mac.path("requestToken").asString());
      assertThat(given.encode()).isEqualTo(hex(mac, "request"));
      OpenedRequest opened = context.open(given);
      assertThat(opened.message().code()).isEqualTo(CoapCode.POST);
      assertThat(opened.message().path()).isEqualTo("d");
      SentRequest sent = context.seal(opened.sequence(), opened.message());
      assertThat(sent.message()).isEqualTo(given);
      InnerMessage answer =
          InnerMessage.of(CoapCode.CHANGED).withEcho(Hexadecimal.decode("e1e2e3e4e5e6e7e8"));
      SealedMessage sealed = opened.answer(answer);
      assertThat(sealed.token()).isEqualTo(mac.path("responseToken").asString());
      assertThat(sent.open(SealedMessage.parse(sealed.token()))).isEqualTo(answer);
    }
  }

  @ParameterizedTest
  @MethodSource("lostStates")
  @DisplayName("both sides agree on a new ID Context after lost state (RFC 8613 appendix B.2)")
  void lost_state(JsonNode example) throws Exception {
    byte[] r1 = hex(example, "R1");
    byte[] r2 = LostState.r2(hex(example, "S2"), hex(example, "kHmac"));
    byte[] r3 = hex(example, "R3");
    assertThat(r2).isEqualTo(hex(example, "R2"));
    Sides first = Sides.of(example, Optional.of(r1));
    Sides second = Sides.of(example, Optional.of(LostState.join(r2, r1)));
    byte[] agreed = LostState.join(r2, r3);
    Sides third = Sides.of(example, Optional.of(agreed));

    var request1 =
        (OscoreMessage) SealedMessage.parse(example.path("request1").path("token").asString());
    byte[] kidContext = request1.option().kidContext().orElseThrow();
    assertThat(LostState.idContext(kidContext)).isEqualTo(r1);
    var opened1 = (OpenedRequest.Oscore) first.server.open(request1);
    SentRequest sent1 = first.device.seal(0, opened1.message(), true);
    assertThat(sent1.message()).isEqualTo(request1);

    SealedMessage response1 =
        SealedMessage.parse(example.path("response1").path("token").asString());
    InnerMessage challenge = ((SentRequest.Oscore) sent1).openUnder(second.device, response1);
    assertThat(opened1.answerUnder(second.server, r2, challenge)).isEqualTo(response1);

    var request2 =
        (OscoreMessage) SealedMessage.parse(example.path("request2").path("token").asString());
    assertThat(LostState.idContext(request2.option().kidContext().orElseThrow())).isEqualTo(agreed);
    assertThat(LostState.isOurs(agreed, hex(example, "kHmac"))).isTrue();
    assertThat(LostState.isOurs(agreed, new byte[32])).isFalse();
    OpenedRequest opened2 = third.server.open(request2);
    SentRequest sent2 = third.device.seal(0, opened2.message(), true);
    assertThat(sent2.message()).isEqualTo(request2);
    SealedMessage response2 =
        SealedMessage.parse(example.path("response2").path("token").asString());
    assertThat(opened2.answer(sent2.open(response2))).isEqualTo(response2);
  }

  @Test
  @DisplayName("a device that only computes MACs finds back by a challenge")
  void mac_recovery() throws Exception {
    JsonNode example = SealedVectors.all().path("macRecovery");
    var serial = new DeviceSerial(example.path("serial").asString());
    try (DeviceKey key = key(example);
        MacContext context = MacContext.of(key, serial, 1)) {
      SentRequest sent =
          context.seal(0, InnerMessage.request(CoapCode.GET, "e").withBody(hex(example, "nonce")));
      assertThat(sent.message().token()).isEqualTo(example.path("requestToken").asString());
      String token = example.path("response").path("token").asString();
      InnerMessage answer = sent.open(SealedMessage.parse(token));
      assertThat(answer.code()).isEqualTo(CoapCode.CONTENT);
      OpenedRequest opened = context.open((MacMessage) sent.message());
      assertThat(opened.answer(answer).token()).isEqualTo(token);
    }
  }

  @Test
  @DisplayName("rekeying gives both sides the same new key")
  void rekey() {
    JsonNode example = SealedVectors.all().path("rekey");
    try (DeviceKey key = DeviceKey.wrap(hex(example, "deviceKey"));
        DeviceKey expected = DeviceKey.wrap(hex(example, "newDeviceKey"))) {
      assertThat(
              key.next(
                  Rekey.shared(
                      hex(example, "sharedX"),
                      hex(example, "serverPublic"),
                      hex(example, "devicePublic"))))
          .isEqualTo(expected);
    }
  }
}
