// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.telemetry.CborReadings;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.protocol.telemetry.SenmlCborReadings;
import dev.countersign.server.disk.Room;
import dev.countersign.server.registry.Device;
import dev.countersign.server.telemetry.Provenance;
import dev.countersign.server.telemetry.ReadingBatch;
import dev.countersign.server.telemetry.SequenceClaim;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code POST d}: readings. {@code d?n=N} gives the message a number of its own, in the series of
 * the header Countersign-Sequence, by which it is stored once under whatever keys it comes again.
 */
final class ReadingsResource implements Resource {
  /** 1 to 2^53 - 1, and in one form. */
  private static final Pattern NUMBER = Pattern.compile("n=([1-9]\\d{0,15})");

  private static final long MAX_NUMBER = (1L << 53) - 1;

  private final Room room;
  private final Predicate<Device> requiresFresh;
  private final Clock clock;

  /**
   * @param requiresFresh whose readings are refused without proof that they are fresh
   */
  ReadingsResource(Room room, Predicate<Device> requiresFresh, Clock clock) {
    this.room = room;
    this.requiresFresh = requiresFresh;
    this.clock = clock;
  }

  /** Without an Echo they are stored as not fresh, unless their model asks for more. */
  @Override
  public boolean needsFreshness(int code) {
    return false;
  }

  @Override
  public boolean isQuick() {
    return true;
  }

  @Override
  public Effect answer(Asked asked) throws MalformedException {
    if (asked.message().code() != CoapCode.POST) {
      return Effect.of(CoapCode.METHOD_NOT_ALLOWED);
    }
    if (!asked.isFresh() && requiresFresh.test(asked.device().device())) {
      return Effect.of(CoapCode.UNAUTHORIZED);
    }
    room.require();
    Instant now = clock.instant();
    List<Reading> readings = readings(asked, now);
    Optional<SequenceClaim> claim = claim(asked);
    var provenance =
        new Provenance(
            asked.device().keyId(),
            asked.device().level(),
            asked.listener(),
            now,
            OptionalLong.of(claim.map(SequenceClaim::sequence).orElse(asked.sequence())),
            asked.isFresh());
    return new Effect.Stored(
        new ReadingBatch(
            asked.device().id(),
            asked.device().device().enrolmentEpoch(),
            readings,
            provenance,
            claim),
        InnerMessage.of(CoapCode.CHANGED),
        InnerMessage.of(CoapCode.CONFLICT));
  }

  private static List<Reading> readings(Asked asked, Instant now) throws MalformedException {
    long format = asked.message().contentFormat().orElse(InnerMessage.CBOR);
    if (format == InnerMessage.CBOR) {
      return CborReadings.decode(asked.body());
    } else if (format == InnerMessage.SENML_CBOR) {
      return SenmlCborReadings.decode(asked.body(), now);
    }
    throw new MalformedException(
        "Content-Format", "expected 60 (CBOR) or 112 (SenML in CBOR), got " + format);
  }

  private static Optional<SequenceClaim> claim(Asked asked) throws MalformedException {
    String query = asked.message().query();
    if (query.isEmpty()) {
      return Optional.empty();
    }
    Matcher number = NUMBER.matcher(query);
    if (!number.matches() || Long.parseLong(number.group(1)) > MAX_NUMBER) {
      throw new MalformedException("query", "expected n= and a whole number from 1 to 2^53-1");
    }
    return Optional.of(new SequenceClaim(Long.parseLong(number.group(1)), Sha256.of(asked.body())));
  }
}
