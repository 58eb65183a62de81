// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

/** What became of a message. */
public enum RecordOutcome {
  STORED,
  /** The same number with the same body was stored before; nothing was stored again. */
  DUPLICATE,
  /** The number was used for another body. */
  CONFLICT,
  /** The number is so far below the highest one that it is not known whether it was used. */
  TOO_OLD
}
