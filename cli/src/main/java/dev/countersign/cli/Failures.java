// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.terminal.ByteSize;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.HumanDuration;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How every command fails: one line of cause, one of what to do next, and an exit code. */
final class Failures {
  /** Set to anything, it shows where an unexpected failure came from. */
  private static final String DEBUG = "COUNTERSIGN_DEBUG";

  private Failures() {}

  static CommandLine handledBy(Terminal terminal, CommandLine commands) {
    return commands
        .registerConverter(DeviceSerial.class, Failures::serial)
        .registerConverter(long.class, Failures::number)
        .registerConverter(Duration.class, Failures::duration)
        .registerConverter(ByteSize.class, Failures::size)
        .setOut(new PrintWriter(terminal.out(), true, UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, UTF_8))
        .setParameterExceptionHandler((e, _) -> wrongUsage(terminal, e))
        .setExecutionExceptionHandler((e, _, _) -> failed(terminal, e));
  }

  private static DeviceSerial serial(String text) {
    try {
      return DeviceSerial.parse(text);
    } catch (MalformedException e) {
      // picocli names the parameter itself.
      throw new TypeConversionException(
          String.valueOf(e.getMessage()).substring(e.field().length() + 2));
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("expected a whole number, got '" + text + "'");
    }
  }

  private static Duration duration(String text) {
    try {
      return HumanDuration.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static ByteSize size(String text) {
    try {
      return ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static int wrongUsage(Terminal terminal, ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    List<String> similar =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    String advice = "`" + command + " --help` shows what it takes";
    terminal.failure(
        String.valueOf(e.getMessage()).replaceAll("\\R\\s*", " "),
        similar.isEmpty()
            ? advice
            : "did you mean " + String.join(" or ", similar) + "? " + advice);
    return ExitCode.USAGE.number();
  }

  private static int failed(Terminal terminal, Exception e) {
    if (e instanceof CommandException failure) {
      terminal.failure(String.valueOf(failure.getMessage()), failure.advice());
      return failure.exitCode().number();
    }
    return fault(terminal, e);
  }

  /** Something that should be impossible. */
  static int fault(Terminal terminal, Throwable e) {
    terminal.failure(
        "this is a fault in countersign: " + e,
        "please report it; " + DEBUG + "=1 shows where it happened");
    if (terminal.environment().containsKey(DEBUG)) {
      e.printStackTrace(terminal.err());
    }
    return ExitCode.REFUSED.number();
  }
}
