// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.DeviceSerial;
import picocli.CommandLine.Parameters;

/** A subcommand about one device. */
abstract class OneDeviceCommand extends RemoteCommand {
  // Set before the command runs: the parameter is required.
  @SuppressWarnings("NullAway.Init")
  @Parameters(
      index = "0",
      paramLabel = "SERIAL",
      description = "The device's serial number, as printed on it.")
  private DeviceSerial serial;

  OneDeviceCommand(Terminal terminal) {
    super(terminal);
  }

  final DeviceSerial serial() {
    return serial;
  }

  /** Where the server keeps this device, and below it. */
  final ApiPath path(String... below) {
    var segments = new String[below.length + 2];
    segments[0] = "devices";
    segments[1] = serial.value();
    System.arraycopy(below, 0, segments, 2, below.length);
    return ApiPath.of(segments);
  }
}
