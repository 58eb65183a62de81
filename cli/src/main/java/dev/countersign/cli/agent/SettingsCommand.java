// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.agent;

import dev.countersign.cli.terminal.Problems;
import dev.countersign.client.settings.SettingsApplier;
import dev.countersign.client.settings.SettingsNotAppliedException;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.settings.SettingsAnswer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Applies settings by a command of the device's maker: its exit code has the last word. Run by the
 * shell, with nothing to read; what it prints goes to stderr.
 */
final class SettingsCommand implements SettingsApplier {
  private final String command;
  private final Path settingsFile;
  private final DeviceSerial serial;
  private final Duration limit;

  SettingsCommand(String command, Path settingsFile, DeviceSerial serial, Duration limit) {
    this.command = command;
    this.settingsFile = settingsFile;
    this.serial = serial;
    this.limit = limit;
  }

  @Override
  public void apply(SettingsAnswer settings)
      throws SettingsNotAppliedException, InterruptedException {
    // stdout is the agent's, and may be JSON.
    var builder = new ProcessBuilder("/bin/sh", "-c", "exec 1>&2\n" + command);
    builder
        .environment()
        .putAll(
            Map.of(
                "COUNTERSIGN_SETTINGS", settingsFile.toAbsolutePath().toString(),
                "COUNTERSIGN_SETTINGS_VERSION", Long.toString(settings.version()),
                "COUNTERSIGN_SERIAL", serial.value()));
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      wait(builder.start());
    } catch (IOException e) {
      throw new SettingsNotAppliedException("the command cannot be run: " + Problems.reason(e));
    }
  }

  private void wait(Process process) throws SettingsNotAppliedException, InterruptedException {
    boolean over = false;
    try {
      over = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (!over) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    if (!over) {
      throw new SettingsNotAppliedException(
          "expected the command to end within " + limit.toSeconds() + " s");
    }
    if (process.exitValue() != 0) {
      throw new SettingsNotAppliedException(
          "expected the command to end with 0, got " + process.exitValue());
    }
  }
}
