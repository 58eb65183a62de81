// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.settings;

import dev.countersign.protocol.settings.SettingsAnswer;
import java.io.IOException;
import java.util.Optional;

/** Where a device keeps its settings. Each call is durable when it returns. */
public interface SettingsStorage {
  /**
   * Keeps what was received, in one step, for the device to read; whether it was applied or not.
   */
  void received(SettingsAnswer settings) throws IOException;

  /** What was received last; empty before the first settings. */
  Optional<SettingsAnswer> received() throws IOException;

  /** Keeps how far the device came. */
  void progressed(SettingsProgress progress) throws IOException;

  /** How far the device came; empty before the first settings. */
  Optional<SettingsProgress> progress() throws IOException;

  /**
   * Forgets how far the device came: it is enrolled anew, and versions may begin anew. What was
   * received stays.
   */
  void forget() throws IOException;
}
