// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.MalformedException;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.relay.Carriage;
import dev.countersign.server.relay.RelayNotes;
import dev.countersign.server.relay.SealedArrival;
import dev.countersign.server.relay.SealedExchanges;
import dev.countersign.server.relay.SealedMessage;
import dev.countersign.server.relay.SealedReply.Kind;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;

/**
 * {@code /r}: sealed messages that come by themselves. Whoever carries them proves nothing, and
 * need not: the seal does.
 */
final class SealedHandlers {
  private final SealedExchanges exchanges;
  private final Clock clock;

  SealedHandlers(SealedExchanges exchanges, Clock clock) {
    this.exchanges = exchanges;
    this.clock = clock;
  }

  /** RFC 8613 §11: the option in a header field, the ciphertext as body; or a token as text. */
  Answer post(Exchange exchange) {
    if (exchange.mediaType().equals(SealedAnswers.OSCORE_TYPE)) {
      Optional<byte[]> option =
          exchange.header(SealedAnswers.OSCORE).flatMap(SealedHandlers::option);
      return option.isEmpty()
          ? malformed()
          : new Answer.Later(
              SealedAnswers.exchanged(
                      exchanges,
                      arrival(
                          exchange,
                          Carriage.POST_R,
                          new SealedMessage.Oscore(option.get(), exchange.body())))
                  .thenApply(SealedAnswers::oscore));
    }
    return token(exchange, Carriage.POST_R, new String(exchange.body(), US_ASCII).strip());
  }

  /** For who can only GET: the token as the parameter {@code o}; other parameters are nothing. */
  Answer get(Exchange exchange) {
    try {
      return token(exchange, Carriage.GET_R, exchange.queryParameter("o").orElse(""));
    } catch (MalformedException e) {
      return malformed();
    }
  }

  private Answer token(Exchange exchange, Carriage carriage, String token) {
    if (token.isEmpty()) {
      return malformed();
    }
    SealedArrival arrival = arrival(exchange, carriage, new SealedMessage.Token(token));
    return new Answer.Later(
        SealedAnswers.exchanged(exchanges, arrival)
            .thenApply(reply -> SealedAnswers.text(reply, false)));
  }

  private SealedArrival arrival(Exchange exchange, Carriage carriage, SealedMessage message) {
    return new SealedArrival(
        message,
        carriage,
        Optional.empty(),
        RelayNotes.NONE,
        clock.instant(),
        exchange.connection().address());
  }

  private static Answer.Complete malformed() {
    return SealedAnswers.error(Kind.MALFORMED, false);
  }

  /** RFC 8613 §11.1: base64url without padding; an empty option is written AA. */
  private static Optional<byte[]> option(String header) {
    String text = header.strip();
    if (text.isEmpty() || text.indexOf('=') >= 0) {
      return Optional.empty();
    }
    if (text.equals(SealedMessage.EMPTY_OPTION)) {
      return Optional.of(new byte[0]);
    }
    try {
      return Optional.of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
