// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

/** What came of an operator's change, where more than one thing can. */
public sealed interface FleetChange<T> {
  /** It was made. */
  record Done<T>(T result) implements FleetChange<T> {}

  /** There is no such device. */
  record NoSuchDevice<T>() implements FleetChange<T> {}

  /** It does not fit the state of the device; the text says why and what to do. */
  record NotPossible<T>(String why) implements FleetChange<T> {}
}
