// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import dev.countersign.protocol.telemetry.CborReadings;
import dev.countersign.protocol.telemetry.Reading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A device that seals a reading into each request, under rising numbers. It opens its first answer,
 * whose Echo goes into all further requests, and then each sixty-fourth.
 */
final class SealedConversation implements Conversation {
  private static final int OPENED_ONE_OF = 64;
  private static final Instant EPOCH = Instant.parse("2025-01-01T00:00:00Z");

  /** More than a device sends in a second, so that each run begins above the one before. */
  private static final long NUMBERS_PER_SECOND = 4096;

  private static final InnerMessage READING =
      InnerMessage.request(CoapCode.POST, "d")
          .withBody(
              CborReadings.encode(
                  List.of(new Reading("temperature", new Scalar.Numeric(21.5), null))));

  private final OscoreContext context;
  private final boolean get;
  private InnerMessage message = READING;
  private Optional<SentRequest> sent = Optional.empty();
  private long answers;
  private long number;

  private SealedConversation(OscoreContext context, boolean get, Instant now) {
    this.context = context;
    this.get = get;
    this.number = (now.getEpochSecond() - EPOCH.getEpochSecond()) * NUMBERS_PER_SECOND;
  }

  /**
   * One for each device.
   *
   * @param devices lines of serial and secret, parted by a comma, after a line of names
   * @param get whether requests go as {@code GET /r?o=}, else as {@code POST /r}
   */
  static List<SealedConversation> read(Path devices, boolean get, Instant now) throws IOException {
    var conversations = new ArrayList<SealedConversation>();
    for (String line : Files.readAllLines(devices).stream().skip(1).toList()) {
      List<String> fields = List.of(line.split(",", -1));
      conversations.add(new SealedConversation(context(fields.get(0), fields.get(1)), get, now));
    }
    return conversations;
  }

  /** The first context of a device with this secret. */
  static OscoreContext context(String serial, String secret) {
    try (DeviceKey key = DeviceKey.ofSecret(secret.getBytes(US_ASCII))) {
      return OscoreContext.ofDevice(
          key, new DeviceSerial(serial), 1, SealedAlgorithm.CCM, Optional.empty());
    }
  }

  @Override
  public ByteBuf next() {
    SentRequest request = context.seal(number++, message, false);
    sent = Optional.of(request);
    return Unpooled.wrappedBuffer(http((OscoreMessage) request.message(), get));
  }

  /** A message as a request of HTTP. */
  static byte[] http(OscoreMessage message, boolean get) {
    if (get) {
      return ("GET /r?o=" + message.token() + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
          .getBytes(US_ASCII);
    }
    byte[] body = message.ciphertext();
    byte[] head =
        ("POST /r HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/oscore\r\nOSCORE: "
                + message.header()
                + "\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(US_ASCII);
    var whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  @Override
  public void answered(HttpAnswer answer) throws Exception {
    if (answer.status() != 200) {
      throw new IllegalStateException("expected 200, got " + answer.status());
    }
    if (answers++ % OPENED_ONE_OF != 0) {
      return;
    }
    // RFC 8613 §11.1: AA is an empty option, as an answer under the number of its request has.
    SealedMessage sealed =
        get
            ? SealedMessage.parse(new String(answer.body(), US_ASCII))
            : OscoreMessage.of("AA", answer.body());
    InnerMessage opened = sent.orElseThrow().open(sealed);
    if (opened.code() != CoapCode.CHANGED) {
      throw new IllegalStateException("expected 2.04, got " + CoapCode.text(opened.code()));
    }
    message = READING.withEcho(opened.echo().orElseThrow());
  }
}
