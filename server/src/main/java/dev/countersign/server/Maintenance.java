// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import dev.countersign.server.database.DatabaseException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what must be done now and then. What fails is logged and tried again the next time; what
 * goes on failing is logged no more until it succeeds, since a full disk is no place for that.
 */
final class Maintenance implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("maintenance").daemon().factory());

  /** A task that may fail. */
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }

  void every(Duration interval, String name, Task task) {
    var attempt = new Attempt(name, task);
    var _ = // attempt lets nothing through
        scheduler.scheduleWithFixedDelay(
            attempt, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A task, and how it went the last time. For the scheduler's one thread. */
  private static final class Attempt implements Runnable {
    private final String name;
    private final Task task;
    private @Nullable String lastFailure;

    Attempt(String name, Task task) {
      this.name = name;
      this.task = task;
    }

    @Override
    public void run() {
      try {
        task.run();
        if (lastFailure != null) {
          lastFailure = null;
          log.info("maintenance={} outcome=recovered", name);
        }
      } catch (Exception | Error e) { // an error would end the schedule, without a word
        if (!e.toString().equals(lastFailure)) {
          lastFailure = e.toString();
          report(e);
        }
      }
    }

    private void report(Throwable e) {
      if (e instanceof DatabaseException || e instanceof IOException) {
        log.error("maintenance={} outcome=failed cause={}", name, e.toString());
      } else {
        log.error("maintenance={} outcome=failed bug", name, e);
      }
    }
  }

  @Override
  public void close() {
    scheduler.shutdown();
    try {
      if (!scheduler.awaitTermination(5, TimeUnit.SECONDS)) {
        scheduler.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
