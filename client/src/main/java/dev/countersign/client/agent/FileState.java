// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.client.settings.FileSettingsStorage;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.client.telemetry.FileMessageQueue;
import dev.countersign.client.telemetry.QueueLimits;
import dev.countersign.client.transport.FileTimeFloor;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.client.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;

/**
 * All that a device must not forget, in one directory of its own (0700), locked while it is open:
 * identity, time floor, queue, settings.
 */
public final class FileState implements AutoCloseable {
  private final StateDirectory directory;
  private final FileMessageQueue queue;
  private final DeviceAgent.State state;

  private FileState(StateDirectory directory, FileMessageQueue queue, DeviceAgent.State state) {
    this.directory = directory;
    this.queue = queue;
    this.state = state;
  }

  /**
   * Opens a directory, made if it is not there.
   *
   * @param listener told what was mended
   * @throws StateDirectory.InUseException if another process has it
   */
  public static FileState open(
      Path path, QueueLimits limits, Transport.Factory transports, AgentListener listener)
      throws IOException {
    StateDirectory directory = StateDirectory.open(path);
    try {
      TimeFloor floor =
          TimeFloor.stored(
              new FileTimeFloor(path),
              e -> listener.on(new AgentEvent.FloorNotStored(String.valueOf(e.getMessage()))));
      var platform = new DeviceClient.Platform(new FileIdentityStorage(path), floor, transports);
      var settings = new FileSettingsStorage(path);
      FileMessageQueue queue = FileMessageQueue.open(path.resolve("queue"), limits);
      queue.findings().forEach(finding -> listener.on(new AgentEvent.QueueMended(finding)));
      return new FileState(directory, queue, new DeviceAgent.State(platform, queue, settings));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** For {@link DeviceAgent#start}. */
  public DeviceAgent.State state() {
    return state;
  }

  /** Close the agent first. */
  @Override
  public void close() throws IOException {
    try {
      queue.close();
    } finally {
      directory.close();
    }
  }
}
