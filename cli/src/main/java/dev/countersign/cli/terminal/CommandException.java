// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

/**
 * A command cannot do what it was asked. Carries what a person needs: one line of cause, one line
 * of what to do next; and what a script needs: the exit code.
 */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String advice;

  private CommandException(ExitCode exitCode, String cause, String advice) {
    super(cause);
    this.exitCode = exitCode;
    this.advice = advice;
  }

  /** The server said no, or something on this machine failed. */
  public static CommandException refused(String cause, String advice) {
    return new CommandException(ExitCode.REFUSED, cause, advice);
  }

  /** The options contradict each other or the environment they were given in. */
  public static CommandException usage(String cause, String advice) {
    return new CommandException(ExitCode.USAGE, cause, advice);
  }

  /** The server that was meant did not answer. */
  public static CommandException unreachable(String cause, String advice) {
    return new CommandException(ExitCode.UNREACHABLE, cause, advice);
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** What to do next: a sentence or a command. */
  public String advice() {
    return advice;
  }
}
