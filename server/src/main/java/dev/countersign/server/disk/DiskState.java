// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.disk;

/** How much room there is, by the limits that were set. From good to bad. */
public enum DiskState {
  /** Enough. */
  ROOM(0),
  /** Below the first limit: somebody should make room. */
  LOW(1),
  /** Below the second limit: what is left is for operators. */
  FULL(2);

  private final int severity;

  DiskState(int severity) {
    this.severity = severity;
  }

  /** For metrics: 0 is good. */
  public int severity() {
    return severity;
  }
}
