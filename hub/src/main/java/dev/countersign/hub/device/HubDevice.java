// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.device;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.Role;
import java.util.Map;

/**
 * The device behind a hub: a door, a thermostat. Its program implements this; everything between it
 * and the phones is the hub's.
 *
 * <p>Called from several threads. A call should return within a second: a phone waits for it.
 */
public interface HubDevice {
  /** What kind of device this is, for people; 1 to 64 printable characters. */
  String model();

  /** Its state now, for every phone on the list to see: at most 64 values by name. */
  Map<String, Scalar> state();

  /** The commands it knows, and the least role that may give each. Never changes. */
  Map<String, Role> commands();

  /**
   * Does what a phone asks. The hub has checked who asks, and that its role suffices.
   *
   * @return what became of it; an exception counts as a failure, and its text goes to the log alone
   */
  Outcome execute(DeviceCommand command);

  /**
   * Takes whom to tell when the state changed, also by a command. Called once, before anything
   * else.
   */
  void whenChanged(Runnable listener);

  /** What became of a command. */
  sealed interface Outcome {
    /** It was done; {@link HubDevice#state} shows it. */
    record Done() implements Outcome {}

    /**
     * It was not done, and nothing changed.
     *
     * @param reason for a person, without secrets: what was wrong, expected and got
     */
    record Refused(String reason) implements Outcome {}
  }
}
