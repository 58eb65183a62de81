// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.MalformedException;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Handler;
import dev.countersign.server.relay.Carriage;
import dev.countersign.server.relay.CarriedMessage;
import dev.countersign.server.relay.RelayNotes;
import dev.countersign.server.relay.SealedArrival;
import dev.countersign.server.relay.SealedExchanges;
import dev.countersign.server.relay.SealedReply;
import dev.countersign.server.relay.SealedReply.Kind;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code /r}: sealed messages that come by themselves. Whoever carries them proves nothing, and
 * need not: the seal does.
 */
final class SealedHandlers {
  /** A message of this size is opened and its answer sealed within some ten microseconds. */
  private static final long MAX_BYTES_AT_ONCE = 1024;

  private final SealedExchanges exchanges;
  private final Clock clock;

  SealedHandlers(SealedExchanges exchanges, Clock clock) {
    this.exchanges = exchanges;
    this.clock = clock;
  }

  /** RFC 8613 §11: the option in a header field, the ciphertext as body; or a token as text. */
  Handler post() {
    return new Route(exchange -> message(exchange).map(m -> arrival(exchange, Carriage.POST_R, m)));
  }

  /** For who can only GET: the token as the parameter {@code o}; other parameters are nothing. */
  Handler get() {
    return new Route(exchange -> token(exchange).map(t -> arrival(exchange, Carriage.GET_R, t)));
  }

  /** Reads a message, and answers it; at once if all is at hand. */
  private final class Route implements Handler {
    private final Function<Exchange, Optional<SealedArrival>> arrivals;

    Route(Function<Exchange, Optional<SealedArrival>> arrivals) {
      this.arrivals = arrivals;
    }

    @Override
    public Answer handle(Exchange exchange) {
      Optional<SealedArrival> arrival = arrivals.apply(exchange);
      return arrival.isEmpty()
          ? SealedAnswers.error(Kind.MALFORMED, false)
          : written(arrival.get(), SealedAnswers.exchanged(exchanges, arrival.get()));
    }

    @Override
    public Optional<Answer> handleAtOnce(Exchange exchange) {
      if (exchange.sizeBytes() > MAX_BYTES_AT_ONCE) {
        return Optional.empty();
      }
      Optional<SealedArrival> arrival = arrivals.apply(exchange);
      return arrival
          .flatMap(known -> SealedAnswers.exchangedAtOnce(exchanges, known))
          .map(reply -> written(arrival.get(), reply));
    }

    /** In the form in which the message came. */
    private static Answer written(SealedArrival arrival, CompletionStage<SealedReply> reply) {
      return new Answer.Later(
          switch (arrival.message()) {
            case CarriedMessage.Oscore _ -> reply.thenApply(SealedAnswers::oscore);
            case CarriedMessage.Token _ -> reply.thenApply(r -> SealedAnswers.text(r, false));
          });
    }
  }

  private static Optional<CarriedMessage> message(Exchange exchange) {
    if (exchange.mediaType().equals(SealedAnswers.OSCORE_TYPE)) {
      return exchange
          .header(SealedAnswers.OSCORE)
          .flatMap(SealedHandlers::option)
          .map(option -> new CarriedMessage.Oscore(option, exchange.body()));
    }
    return token(new String(exchange.body(), US_ASCII).strip());
  }

  private static Optional<CarriedMessage> token(Exchange exchange) {
    try {
      return token(exchange.queryParameter("o").orElse(""));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<CarriedMessage> token(String token) {
    return token.isEmpty() ? Optional.empty() : Optional.of(new CarriedMessage.Token(token));
  }

  private SealedArrival arrival(Exchange exchange, Carriage carriage, CarriedMessage message) {
    return new SealedArrival(
        message,
        carriage,
        Optional.empty(),
        RelayNotes.NONE,
        clock.instant(),
        exchange.arrivedNanos(),
        exchange.connection().address());
  }

  /** RFC 8613 §11.1: base64url without padding; an empty option is written AA. */
  private static Optional<byte[]> option(String header) {
    String text = header.strip();
    if (text.isEmpty() || text.indexOf('=') >= 0) {
      return Optional.empty();
    }
    if (text.equals(CarriedMessage.EMPTY_OPTION)) {
      return Optional.of(new byte[0]);
    }
    try {
      return Optional.of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
