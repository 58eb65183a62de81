// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.settings;

import dev.countersign.protocol.settings.SettingsAnswer;

/**
 * Puts settings into force. The last word is the device's: what is beyond its limits it refuses,
 * whoever sent it.
 */
@FunctionalInterface
public interface SettingsApplier {
  /**
   * Puts these settings into force. May be called again with settings that are: the power may have
   * failed before that was noted.
   *
   * @throws SettingsNotAppliedException if they cannot be, now or ever; tried again later
   */
  void apply(SettingsAnswer settings) throws SettingsNotAppliedException, InterruptedException;
}
