// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import java.time.Duration;

/**
 * Ends writes that wait for room. Where it cannot write a table, RocksDB waits for more room than
 * it needs, and lets writes wait with it, maybe for ever: whoever sent a reading would not be told
 * that the disk is full, and the store would not close.
 */
final class StallWatch implements AutoCloseable {
  /** Twice in a row is a stall: RocksDB may just have found room. */
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final RocksFiles files;
  private final Thread thread;

  StallWatch(RocksFiles files) {
    this.files = files;
    this.thread = Thread.ofVirtual().name("readings-stall-watch").start(this::watch);
  }

  private void watch() {
    boolean before = false;
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        boolean stalled = files.isStalled();
        if (stalled && before) {
          files.endWrites();
        }
        before = stalled;
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  /** Called when nothing is written any more. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
