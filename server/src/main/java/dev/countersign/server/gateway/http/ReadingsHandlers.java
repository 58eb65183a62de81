// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.telemetry.JsonReadings;
import dev.countersign.protocol.telemetry.QueryReadings;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.protocol.telemetry.SenmlCborReadings;
import dev.countersign.protocol.telemetry.SenmlReadings;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Problem;
import dev.countersign.server.telemetry.RecordOutcome;
import dev.countersign.server.telemetry.SequenceClaim;
import dev.countersign.server.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** {@code /v1/readings}: 204 after the commit. */
final class ReadingsHandlers {
  private static final String SEQUENCE_HEADER = "Countersign-Sequence";

  /** 2^53 − 1: exact in every JSON number. */
  private static final long MAX_SEQUENCE = (1L << 53) - 1;

  /** Of ten times this, reading alone would hold up an event loop for a tenth of a millisecond. */
  private static final int MAX_BYTES_AT_ONCE = 2048;

  private final Telemetry telemetry;
  private final Clock clock;

  ReadingsHandlers(Telemetry telemetry, Clock clock) {
    this.telemetry = telemetry;
    this.clock = clock;
  }

  Answer post(AuthenticatedDevice device, Exchange exchange) throws MalformedException {
    byte[] body = exchange.body();
    String type = exchange.mediaType();
    List<Reading> readings;
    switch (type) {
      // curl -d says it is a form; what counts is that it reads as JSON
      case "", "application/json", "application/x-www-form-urlencoded" ->
          readings = JsonReadings.decode(body);
      case "application/senml+json" -> readings = SenmlReadings.decode(body, clock.instant());
      case "application/senml+cbor" -> readings = SenmlCborReadings.decode(body, clock.instant());
      default -> {
        return Problem.of(
            415,
            "media-type",
            "Unsupported media type",
            "expected application/json, application/senml+json or application/senml+cbor");
      }
    }
    return record(device, exchange, readings, body);
  }

  /**
   * What is small is read and handed to the store within microseconds, and the store never waits.
   */
  Optional<Answer> postAtOnce(AuthenticatedDevice device, Exchange exchange)
      throws MalformedException {
    return exchange.body().length <= MAX_BYTES_AT_ONCE
        ? Optional.of(post(device, exchange))
        : Optional.empty();
  }

  /** For devices that can only GET. The query is the body, also for exactly-once. */
  Answer get(AuthenticatedDevice device, Exchange exchange) throws MalformedException {
    String query =
        exchange
            .rawQuery()
            .orElseThrow(() -> new MalformedException("query", "expected name=value pairs"));
    return record(
        device, exchange, QueryReadings.decode(query), query.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Answer record(
      AuthenticatedDevice device, Exchange exchange, List<Reading> readings, byte[] content)
      throws MalformedException {
    Optional<SequenceClaim> claim = claim(exchange, content);
    return new Answer.Later(
        telemetry
            .record(device, readings, exchange.connection().listener(), claim)
            .thenApply(ReadingsHandlers::answer));
  }

  private static Optional<SequenceClaim> claim(Exchange exchange, byte[] content)
      throws MalformedException {
    Optional<String> header = exchange.header(SEQUENCE_HEADER);
    if (header.isEmpty()) {
      return Optional.empty();
    }
    String text = header.get();
    if (!text.matches("[1-9]\\d{0,15}") || Long.parseLong(text) > MAX_SEQUENCE) {
      throw new MalformedException(SEQUENCE_HEADER, "expected a whole number from 1 to 2^53-1");
    }
    return Optional.of(new SequenceClaim(Long.parseLong(text), Sha256.of(content)));
  }

  private static Answer.Complete answer(RecordOutcome outcome) {
    return switch (outcome) {
      case STORED, DUPLICATE -> Answer.NO_CONTENT;
      case CONFLICT ->
          Problem.conflict("sequence-reused", "this sequence number came with another body before");
      case TOO_OLD ->
          Problem.conflict(
              "sequence-too-old", "expected a sequence number above the highest less 64");
    };
  }
}
