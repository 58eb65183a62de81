// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import dev.countersign.server.database.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Every version of every device's settings, and the last receipt. Both go with the device. Instants
 * are kept to the millisecond.
 */
public interface SettingsHistory {
  /**
   * How many versions of a device are kept; older ones are forgotten, and stay in the audit log as
   * a digest. Also how far back a device's receipt may lie.
   */
  int MAX_VERSIONS = 1_000;

  /** The newest version; empty if the device was never told anything. */
  Optional<SettingsVersion> current(Transaction tx, long deviceId);

  Optional<SettingsVersion> find(Transaction tx, long deviceId, long version);

  /** The newest versions, newest first. */
  List<SettingsVersion> list(Transaction tx, long deviceId, int limit);

  /**
   * Adds the next version, and forgets what is older than the newest {@link #MAX_VERSIONS}.
   *
   * @throws IllegalStateException if it is not the current one plus one, or 1 where there is none
   */
  void append(Transaction tx, long deviceId, SettingsVersion version);

  /** Keeps what the device says it applied, in place of what it said before. */
  void applied(Transaction tx, long deviceId, AppliedSettings receipt);

  Optional<AppliedSettings> applied(Transaction tx, long deviceId);
}
