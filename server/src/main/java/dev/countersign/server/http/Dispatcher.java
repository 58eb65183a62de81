// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.DiskFullException;
import dev.countersign.server.database.OverloadedException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes whole requests to the handler and its answers to the peer: on the event loop what can be
 * answered at once, the rest on a virtual thread, if there is a permit left for it.
 */
final class Dispatcher implements IncomingRequest.Destination {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final String listener;
  private final Handler handler;
  private final ExecutorService virtualThreads;
  private final Semaphore permits;
  private final BodyBudget bodies;
  private final AnswerCounts answers;
  private final FailureReports reports;

  Dispatcher(
      HttpListener.Setup setup,
      ExecutorService virtualThreads,
      Handler handler,
      BodyBudget bodies,
      FailureReports reports,
      AnswerCounts answers) {
    this.listener = setup.where().name();
    this.handler = handler;
    this.virtualThreads = virtualThreads;
    this.permits = new Semaphore(setup.limits().maxConcurrentRequests());
    this.bodies = bodies;
    this.answers = answers;
    this.reports = reports;
  }

  @Override
  public void refuse(HttpServerRequest request, Connection connection, Refusal refusal) {
    count(connection, refusal);
    new ResponseWriter(request, connection).sendAndHangUp(refusal.answer());
  }

  /** A refusal that has been answered, or cannot be. */
  void count(Connection connection, Refusal refusal) {
    answers.count(refusal.answer().status());
    reports.requestRefused(connection, refusal);
  }

  @Override
  public void accept(HttpServerRequest request, Connection connection, byte[] body) {
    var writer = new ResponseWriter(request, connection);
    var exchange = new Exchange(request, connection, body);
    if (isHandledAtOnce(exchange, writer)) {
      return;
    }
    if (!permits.tryAcquire()) {
      bodies.giveBack(body.length);
      Refusal overloaded = Refusal.overloaded();
      count(connection, overloaded);
      writer.send(overloaded.answer());
      return;
    }
    virtualThreads.execute(() -> {
      try {
        handle(exchange, writer);
      } finally {
        permits.release();
      }
    });
  }

  /** Takes no thread, and so no permit. */
  private boolean isHandledAtOnce(Exchange exchange, ResponseWriter writer) {
    Optional<? extends Answer> answer;
    try {
      answer = handler.handleAtOnce(exchange);
    } catch (ProtocolException | RuntimeException e) {
      answer = Optional.of(failure(exchange, e));
    }
    answer.ifPresent(a -> deliver(exchange, writer, a));
    return answer.isPresent();
  }

  private void handle(Exchange exchange, ResponseWriter writer) {
    Answer answer;
    try {
      answer = handler.handle(exchange);
    } catch (ProtocolException | RuntimeException e) {
      answer = failure(exchange, e);
    }
    deliver(exchange, writer, answer);
  }

  private void deliver(Exchange exchange, ResponseWriter writer, Answer answer) {
    switch (answer) {
      case Answer.Complete complete -> {
        bodies.giveBack(exchange.body().length);
        answers.count(complete.status());
        writer.send(complete);
      }
      case Answer.Lines lines -> {
        bodies.giveBack(exchange.body().length);
        answers.count(200);
        stream(exchange, writer, lines);
      }
      case Answer.Later later ->
          later
              .answer()
              .whenComplete((result, error) ->
                  deliver(
                      exchange,
                      writer,
                      error == null ? result : failure(exchange, unwrapped(error))));
    }
  }

  private void stream(Exchange exchange, ResponseWriter writer, Answer.Lines lines) {
    try {
      writer.stream(lines.source());
    } catch (Exception e) {
      log.warn("listener={} path={} stream_failed={}", listener, exchange.path(), e.toString());
      exchange.connection().close(); // a stream that just ends would look complete
    }
  }

  private static Throwable unwrapped(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  /** The table from error to status; what is not in it is a bug and says nothing to the peer. */
  private Answer.Complete failure(Exchange exchange, Throwable error) {
    return switch (error) {
      case ProtocolException e -> Problem.malformed(e.getMessage());
      case OverloadedException e -> Refusal.overloaded().answer();
      // Not logged: it is said once when it begins, and would only take more of the disk here.
      case DiskFullException e -> Problem.diskFull();
      case DatabaseException e -> {
        log.error("listener={} path={} storage_failed={}", listener, exchange.path(), e.toString());
        yield Refusal.overloaded().answer();
      }
      // What waited for something when the listener closed: nobody is left to answer.
      case RejectedExecutionException e -> Refusal.overloaded().answer();
      default -> {
        log.error("listener={} path={} bug", listener, exchange.path(), error);
        yield Problem.internal();
      }
    };
  }
}
