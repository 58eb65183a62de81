// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a device asks of its server, whatever proves the two to each other and whatever carries it.
 * Safe for use by many threads.
 *
 * <p>What the server refuses is a {@link dev.countersign.client.transport.ServerRefusedException}
 * with the status of HTTP, on every way.
 */
public interface DeviceApi extends AutoCloseable {
  /**
   * Sends readings that are encoded already; they are on the server's disk when this returns.
   *
   * @param readings a JSON array as {@link dev.countersign.protocol.telemetry.JsonReadings} writes
   *     it
   * @param sequence from 1, rising with each message: sent again with the same readings, they are
   *     stored once
   */
  void send(byte[] readings, OptionalLong sequence) throws IOException, ProtocolException;

  /** What this device shall do. */
  SettingsAnswer settings() throws IOException, ProtocolException;

  /**
   * Waits for other settings than a known version.
   *
   * @param wait at most 60 s
   * @return empty if there was no change in that time
   */
  Optional<SettingsAnswer> awaitSettings(long knownVersion, Duration wait)
      throws IOException, ProtocolException;

  /** Tells the server that the settings of this digest are in force on the device. */
  void confirm(SettingsReceipt receipt) throws IOException, ProtocolException;

  /** Requests that are under way end with an exception. */
  @Override
  void close();
}
