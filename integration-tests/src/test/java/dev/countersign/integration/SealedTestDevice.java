// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A device that seals, of a few lines, so that a test decides what is sent when and how often. */
public final class SealedTestDevice {
  private final Installation server;
  private final String serial;
  private final OscoreContext context;
  private Optional<byte[]> echo = Optional.empty();
  private long next;

  private SealedTestDevice(Installation server, String serial, OscoreContext context) {
    this.server = server;
    this.serial = serial;
    this.context = context;
  }

  /** Registers a device that seals. */
  public static SealedTestDevice add(Installation server, String serial)
      throws IOException, ProtocolException {
    JsonNode added =
        server
            .operator()
            .send(
                "POST", "/v1/devices", "{\"serial\":\"" + serial + "\",\"credential\":\"sealed\"}")
            .expect(201)
            .json();
    return of(server, serial, added.path("secret").asString());
  }

  /** A device that was registered with this secret. */
  public static SealedTestDevice of(Installation server, String serial, String secret) {
    try (DeviceKey key = DeviceKey.ofSecret(secret.getBytes(US_ASCII))) {
      return new SealedTestDevice(
          server,
          serial,
          OscoreContext.ofDevice(
              key, new DeviceSerial(serial), 1, SealedAlgorithm.CCM, Optional.empty()));
    }
  }

  public String serial() {
    return serial;
  }

  /** Seals a request under the next number. */
  public SentRequest seal(InnerMessage request) {
    return sealAs(next++, request);
  }

  /** Seals a request under a number that may have been used. */
  public SentRequest sealAs(long sequence, InnerMessage request) {
    return context.seal(sequence, echo.isPresent() ? request.withEcho(echo.get()) : request, false);
  }

  /** A reading. */
  public static InnerMessage reading(long value) {
    return InnerMessage.request(CoapCode.POST, "d")
        .withBody(new CborWriter().map(1).text("n").unsigned(value).toByteArray());
  }

  /** A pull of settings. */
  public static InnerMessage pull() {
    return InnerMessage.request(CoapCode.GET, "s");
  }

  /** Opens an answer as the device does, and takes its Echo along. */
  public InnerMessage open(SentRequest sent, String token) throws Exception {
    InnerMessage answer = sent.open(SealedMessage.parse(token));
    echo = answer.echo();
    return answer;
  }

  /** Sends a request straight to the server and opens the answer. */
  public InnerMessage ask(InnerMessage request) throws Exception {
    SentRequest sent = seal(request);
    return open(sent, deliver(sent.message().token()).expect(200).body());
  }

  /** Delivers a token to the server, whatever the answer. */
  public Answer deliver(String token) throws IOException {
    try (HttpsConnection connection = server.connect()) {
      return connection.get("/r?o=" + token);
    }
  }

  /** Sends a reading and expects it to be taken. */
  public void send(long value) throws Exception {
    assertThat(ask(reading(value)).code()).isEqualTo(CoapCode.CHANGED);
  }
}
