// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

/** What a script sees of the end of a command. The numbers are a promise. */
public enum ExitCode {
  DONE(0),
  /** Refused or failed. */
  REFUSED(1),
  /** The command line itself is wrong. */
  USAGE(2),
  /** The server that was meant did not answer. */
  UNREACHABLE(3);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
