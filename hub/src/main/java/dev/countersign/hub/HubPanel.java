// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub;

import dev.countersign.hub.pairing.Screen;
import dev.countersign.hub.phones.Phone;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a person who stands in front of the hub can see and press. Whoever holds this is trusted
 * like one who touches the device: it is for its own program and the commands on its own disk,
 * never for the network. Safe for use by many threads.
 */
public interface HubPanel {
  /** The screen; empty while no window is open. */
  Optional<Screen> screen();

  /** The code on the label: never spent, good for nothing until somebody presses the button. */
  PairingCode label();

  /** Presses the button: a window opens, or an open one starts anew, and failures are forgotten. */
  void pressButton() throws IOException;

  /** Whether a phone owns this hub. */
  boolean isOwned();

  /** The phones on the list, owners first. */
  List<Phone> phones();

  /**
   * Removes a phone at once, whoever it is but the last owner.
   *
   * @param phone its id, or its name if only one has it
   */
  Removal remove(String phone) throws IOException;

  /**
   * What ten seconds on the button do: all phones are removed and a new epoch begins; the hub keeps
   * its identity and its label.
   */
  void reset() throws IOException;

  /** What became of a removal. */
  sealed interface Removal {
    record Removed(Phone phone) implements Removal {}

    record NoSuchPhone() implements Removal {}

    record SeveralOfThatName() implements Removal {}

    record LastOwner() implements Removal {}
  }
}
