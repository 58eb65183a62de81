// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.gateway.RequestReasons;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Handler;
import dev.countersign.server.http.Problem;
import dev.countersign.server.journal.Attempt;
import dev.countersign.server.journal.Claim;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Takes note of each request that the handlers behind it do not grant. Credentials that were
 * refused have been noted by {@link DeviceGate}, which knows more about them.
 */
final class JournalingHandler implements Handler {
  private static final int FIRST_ERROR = 400;
  private static final int UNAUTHENTICATED = 401;
  private static final int FORBIDDEN = 403;
  private static final String TYPE_PREFIX = "urn:countersign:problem:";

  private final Handler handler;
  private final Journal journal;

  JournalingHandler(Handler handler, Journal journal) {
    this.handler = handler;
    this.journal = journal;
  }

  @Override
  public Answer handle(Exchange exchange) throws ProtocolException {
    try {
      return watched(exchange, handler.handle(exchange));
    } catch (ProtocolException | DatabaseException e) {
      note(exchange, e);
      throw e;
    }
  }

  @Override
  public Optional<Answer> handleAtOnce(Exchange exchange) throws ProtocolException {
    try {
      return handler.handleAtOnce(exchange).map(answer -> watched(exchange, answer));
    } catch (ProtocolException | DatabaseException e) {
      note(exchange, e);
      throw e;
    }
  }

  private Answer watched(Exchange exchange, Answer answer) {
    return switch (answer) {
      case Answer.Complete complete -> {
        note(exchange, complete);
        yield complete;
      }
      case Answer.Later later ->
          new Answer.Later(
              later
                  .answer()
                  .whenComplete((result, error) -> {
                    if (result != null) {
                      note(exchange, result);
                    } else {
                      note(exchange, error);
                    }
                  }));
      case Answer.Lines lines -> lines;
    };
  }

  private void note(Exchange exchange, Answer answer) {
    if (answer instanceof Answer.Complete complete
        && complete.status() >= FIRST_ERROR
        && isProblem(complete)
        && complete.status() != UNAUTHENTICATED
        && complete.status() != FORBIDDEN) {
      JsonNode problem = problem(complete.body());
      String type = problem.path("type").asString("");
      String name = type.startsWith(TYPE_PREFIX) ? type.substring(TYPE_PREFIX.length()) : type;
      note(exchange, RequestReasons.of(name), problem.path("detail").asString(""));
    }
  }

  /** What answers otherwise has its own words for the journal, such as {@link SealedHandlers}. */
  private static boolean isProblem(Answer.Complete answer) {
    return Problem.CONTENT_TYPE.equals(answer.headers().get("Content-Type"));
  }

  private static JsonNode problem(byte[] body) {
    try {
      return Answer.JSON.readTree(body);
    } catch (JacksonException e) {
      return Answer.JSON.createObjectNode();
    }
  }

  private void note(Exchange exchange, @Nullable Throwable error) {
    switch (error) {
      case ProtocolException e -> note(exchange, malformed(exchange), describe(e));
      case null, default -> note(exchange, Reason.OVERLOADED, "");
    }
  }

  private static Reason malformed(Exchange exchange) {
    return exchange.path().startsWith(DeviceApi.EST) ? Reason.BAD_CSR : Reason.MALFORMED;
  }

  private static String describe(ProtocolException e) {
    return e.getMessage() == null ? "" : e.getMessage();
  }

  private void note(Exchange exchange, Reason reason, String detail) {
    Claim claim =
        exchange.peer() instanceof Claim known ? known : DeviceGate.claim(exchange.connection());
    journal.note(
        new Attempt(
            exchange.connection().listener(),
            exchange.connection().address(),
            reason,
            detail,
            claim));
  }
}
