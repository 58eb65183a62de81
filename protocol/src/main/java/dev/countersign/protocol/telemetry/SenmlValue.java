// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import dev.countersign.protocol.MalformedException;

/**
 * The value of a SenML field, in whatever form it is written. Exactly one method is called, once;
 * each refuses a value of another kind, naming the label as JSON has it.
 */
interface SenmlValue {
  String text(String label) throws MalformedException;

  double number(String label) throws MalformedException;

  boolean flag(String label) throws MalformedException;

  /** Passes over a value of any kind. */
  void skip(String label) throws MalformedException;
}
