// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

/** To whom an entry belongs. Each kind has a room of its own, so that none pushes out another. */
public enum Attribution {
  /** To a device that proved itself. */
  PROVEN,
  /** To a device whose name somebody used. */
  CLAIMED,
  /** To nobody who could be found. */
  UNATTRIBUTED
}
