// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import dev.countersign.client.agent.AgentEvent.Task;
import dev.countersign.client.retry.Backoff;
import dev.countersign.client.sealed.RelayRefusedException;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.ChainRefusedException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tries something again until it works: the one place that judges failures. A retry is the same
 * thing once more, never something weaker.
 */
final class Attempts {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final Task task;
  private final Backoff backoff;
  private final AgentListener listener;
  private final CountDownLatch stopping;

  Attempts(Task task, Backoff backoff, AgentListener listener, CountDownLatch stopping) {
    this.task = task;
    this.backoff = backoff;
    this.listener = listener;
    this.stopping = stopping;
  }

  /** What is tried. */
  interface Step {
    void run()
        throws IOException,
            ProtocolException,
            GeneralSecurityException,
            StorageFailedException,
            InterruptedException;
  }

  /** What can be done about a credential that was refused. */
  interface Remedy extends Step {}

  boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void requireRunning() throws InterruptedException {
    if (isStopping()) {
      throw new InterruptedException("the agent is stopped");
    }
  }

  /** Waits, unless the agent is stopped. */
  void pause(Duration wait) throws InterruptedException {
    if (stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("the agent is stopped");
    }
  }

  /** Runs a step until it works; ends with an InterruptedException when the agent is stopped. */
  void untilItWorks(Step step, Remedy remedy) throws InterruptedException {
    while (true) {
      Optional<Failure> failure = attempt(step);
      if (failure.isPresent() && failure.get().trouble() == Trouble.CREDENTIAL_REFUSED) {
        Optional<Failure> remedyFailure = attempt(remedy);
        if (!remedyFailure.isPresent() && backoff.failures() == 0) {
          failure = attempt(step);
        } else if (remedyFailure.isPresent()) {
          failure = remedyFailure;
        }
      }
      if (!failure.isPresent()) {
        succeeded();
        return;
      }
      waitAfter(failure.get());
    }
  }

  private void succeeded() {
    if (backoff.failures() > 0) {
      backoff.succeeded();
      listener.on(new AgentEvent.Recovered(task));
    }
  }

  private void waitAfter(Failure failure) throws InterruptedException {
    requireRunning(); // else it failed because it was stopped
    Duration wait =
        failure.trouble() == Trouble.CREDENTIAL_REFUSED || failure.trouble() == Trouble.SUSPENDED
            ? backoff.nextAfterRefusal()
            : backoff.next(failure.retryAfter());
    listener.on(
        new AgentEvent.Waiting(task, failure.trouble(), failure.why(), backoff.failures(), wait));
    pause(wait);
  }

  private record Failure(Trouble trouble, String why, Optional<Duration> retryAfter) {
    static Optional<Failure> of(Trouble trouble, Exception e) {
      String message = e.getMessage();
      return Optional.of(
          new Failure(
              trouble, message == null ? e.getClass().getSimpleName() : message, Optional.empty()));
    }
  }

  private Optional<Failure> attempt(Step step) throws InterruptedException {
    requireRunning();
    try {
      step.run();
      return Optional.empty();
    } catch (ServerRefusedException e) {
      return Optional.of(new Failure(trouble(e), String.valueOf(e.getMessage()), e.retryAfter()));
    } catch (NotAuthenticException e) {
      return Failure.of(Trouble.NO_SEALED_ANSWER, e);
    } catch (ProtocolException e) {
      return Failure.of(Trouble.UNEXPECTED, e);
    } catch (StorageFailedException | GeneralSecurityException e) {
      return Failure.of(Trouble.STORAGE, e);
    } catch (RelayRefusedException e) {
      return Optional.of(
          new Failure(Trouble.NO_SEALED_ANSWER, String.valueOf(e.getMessage()), e.retryAfter()));
    } catch (IOException e) {
      Optional<ChainRefusedException> distrust = distrust(e);
      return distrust.isPresent()
          ? Failure.of(Trouble.SERVER_NOT_ACCEPTED, distrust.get())
          : Failure.of(Trouble.UNREACHABLE, e);
    }
  }

  private static Trouble trouble(ServerRefusedException e) {
    return switch (e.status()) {
      case UNAUTHORIZED -> Trouble.CREDENTIAL_REFUSED;
      case FORBIDDEN -> Trouble.SUSPENDED;
      case TOO_MANY_REQUESTS, UNAVAILABLE -> Trouble.OVERLOADED;
      default -> Trouble.UNEXPECTED;
    };
  }

  private static Optional<ChainRefusedException> distrust(IOException e) {
    Throwable at = e;
    // A chain of causes could be a ring; nobody nests deeper than this.
    for (int depth = 0; at != null && depth < 20; depth++, at = at.getCause()) {
      if (at instanceof ChainRefusedException refused) {
        return Optional.of(refused);
      }
    }
    return Optional.empty();
  }
}
