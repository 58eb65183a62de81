// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what must be done now and then. What fails is logged and tried again the next time. */
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
    var _ = // attempt() lets nothing through
        scheduler.scheduleWithFixedDelay(
            () -> attempt(name, task),
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static void attempt(String name, Task task) {
    try {
      task.run();
    } catch (Exception e) {
      log.error("maintenance={} failed", name, e);
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
