// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.http.Answer;
import dev.countersign.server.relay.CarriedMessage;
import dev.countersign.server.relay.Diagnosis;
import dev.countersign.server.relay.Diagnosis.Finding;
import dev.countersign.server.relay.SealedArrival;
import dev.countersign.server.relay.SealedExchanges;
import dev.countersign.server.relay.SealedReply;
import dev.countersign.server.relay.SealedReply.Kind;
import dev.countersign.server.relay.SealedReply.OuterError;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * How what becomes of sealed messages is written in HTTP. Errors are four characters and the same
 * headers each time, whatever went wrong and however the message came.
 */
final class SealedAnswers {
  static final String OSCORE = "OSCORE";
  static final String OSCORE_TYPE = "application/oscore";

  private static final String TEXT = "text/plain";
  private static final long RETRY_AFTER_SECONDS = 30;

  private SealedAnswers() {}

  /** The reply of the exchange; a storage that fails is an overload. */
  static CompletionStage<SealedReply> exchanged(SealedExchanges exchanges, SealedArrival arrival) {
    try {
      return failuresAsOverload(exchanges.exchange(arrival));
    } catch (DatabaseException e) {
      return CompletableFuture.completedStage(notTaken());
    }
  }

  private static CompletionStage<SealedReply> failuresAsOverload(
      CompletionStage<SealedReply> reply) {
    return reply.exceptionally(error -> {
      Throwable cause = error instanceof CompletionException ? error.getCause() : error;
      if (cause instanceof DatabaseException) {
        return notTaken();
      }
      throw error instanceof RuntimeException bug ? bug : new CompletionException(error);
    });
  }

  /** The same if the exchange answers without waiting. */
  static Optional<CompletionStage<SealedReply>> exchangedAtOnce(
      SealedExchanges exchanges, SealedArrival arrival) {
    try {
      return exchanges.exchangeAtOnce(arrival).map(SealedAnswers::failuresAsOverload);
    } catch (DatabaseException e) {
      return Optional.of(CompletableFuture.completedStage(notTaken()));
    }
  }

  private static SealedReply notTaken() {
    return new OuterError(Kind.OVERLOAD, Diagnosis.of(Finding.NOT_TAKEN));
  }

  /** As a token, or an error. */
  static Answer.Complete text(SealedReply reply, boolean errorsAs200) {
    return switch (reply) {
      case SealedReply.Answered answered -> plain(200, answered.message().token());
      case OuterError error -> error(error.kind(), errorsAs200);
    };
  }

  /** As RFC 8613 §11 has it, or an error. */
  static Answer.Complete oscore(SealedReply reply) {
    return reply instanceof SealedReply.Answered answered
            && answered.message() instanceof CarriedMessage.Oscore oscore
        ? Answer.bytes(200, OSCORE_TYPE, oscore.ciphertext())
            .with(OSCORE, oscore.optionText())
            .with("Cache-Control", "no-store")
        : text(reply, false);
  }

  static Answer.Complete error(Kind kind, boolean as200) {
    Answer.Complete answer = plain(as200 ? 200 : kind.status(), kind.text());
    if (as200) {
      return answer;
    }
    return switch (kind) {
      // RFC 9110 §15.5.2: must be there. It is what a relay of mode static would need.
      case UNAUTHENTICATED -> answer.with("WWW-Authenticate", "Bearer realm=\"countersign\"");
      case OVERLOAD -> answer.with("Retry-After", Long.toString(RETRY_AFTER_SECONDS));
      case MALFORMED, REPLAY -> answer;
    };
  }

  /** Too many deliveries: for the device behind them an overload. */
  static Answer.Complete tooMany(long retryAfterSeconds, boolean as200) {
    Answer.Complete answer = plain(as200 ? 200 : 429, Kind.OVERLOAD.text());
    return as200 ? answer : answer.with("Retry-After", Long.toString(retryAfterSeconds));
  }

  private static Answer.Complete plain(int status, String text) {
    Answer.Complete answer = Answer.text(status, text).with("Content-Type", TEXT);
    return answer.with("Cache-Control", "no-store");
  }
}
