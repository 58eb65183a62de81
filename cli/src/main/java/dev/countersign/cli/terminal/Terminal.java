// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What a command sees of the world around its process.
 *
 * @param out results; JSON and nothing else under {@code --json}
 * @param err errors, warnings, progress
 * @param interactive whether a person watches {@code err}, so that a progress bar makes sense
 * @param environment the environment variables
 * @param clock the time
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    boolean interactive,
    Map<String, String> environment,
    Clock clock) {
  private static final int BUFFER_BYTES = 1 << 16;

  /** The process's own. Always UTF-8: the ✔ must survive a machine without a locale. */
  public static Terminal ofProcess() {
    return new Terminal(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        // The launcher looks whether stderr is a terminal; Java can ask for stdin and stdout only.
        Boolean.getBoolean("countersign.terminal"),
        System.getenv(),
        Clock.systemUTC());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES), true, UTF_8);
  }

  /** Where this machine's server keeps its data unless {@code --data} says otherwise. */
  public Path defaultData() {
    return Path.of(environment.getOrDefault("COUNTERSIGN_DATA", "countersign-data"));
  }

  /** Reports a failure: the cause, and what to do next. */
  public void failure(String cause, String advice) {
    out.flush();
    err.println("✘ " + Printable.text(cause));
    err.println("  → " + Printable.text(advice));
    err.flush();
  }

  /** Something to know that stops nothing. */
  public void warning(String text) {
    err.println("! " + Printable.text(text));
  }
}
