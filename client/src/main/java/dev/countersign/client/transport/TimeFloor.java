// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import java.time.Instant;

/**
 * An instant that has certainly passed, for devices that cannot trust their clock. It only rises:
 * with the begin of certificates that were verified and with the time an authenticated server told.
 *
 * <p>Safe for use by many threads.
 */
public final class TimeFloor {
  /** When this SDK was made: no device that runs it lives before. */
  private static final Instant SDK_MADE = Instant.parse("2026-11-21T00:00:00Z");

  private Instant floor;

  public TimeFloor() {
    this(SDK_MADE);
  }

  /** A floor that was stored before; one that is older than this SDK is raised. */
  public TimeFloor(Instant stored) {
    this.floor = stored.isAfter(SDK_MADE) ? stored : SDK_MADE;
  }

  public synchronized Instant instant() {
    return floor;
  }

  /** This instant has passed as well. */
  public synchronized void raise(Instant passed) {
    if (passed.isAfter(floor)) {
      floor = passed;
    }
  }
}
