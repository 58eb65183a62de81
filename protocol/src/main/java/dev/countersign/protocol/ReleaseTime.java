// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import java.time.Instant;

/** When this version was made. Whoever runs it lives later, whatever a clock says. */
public final class ReleaseTime {
  /** The same as {@code project.build.outputTimestamp} of the build. */
  public static final Instant EARLIEST = Instant.parse("2026-11-21T00:00:00Z");

  private ReleaseTime() {}
}
