// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.settings;

/** Settings are not in force; the ones before are. */
public final class SettingsNotAppliedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What was wrong: expected X, got Y. */
  public SettingsNotAppliedException(String message) {
    super(message);
  }
}
