// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.ListedPhone;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;

/** Finds the phone that a person means on a hub's list. */
final class PhoneChoice {
  private PhoneChoice() {}

  /** By id, or by name if only one has it. */
  static ListedPhone find(HubSession session, String given)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    List<ListedPhone> all = session.phones();
    List<ListedPhone> found = all.stream().filter(phone -> phone.id().equals(given)).toList();
    if (found.isEmpty()) {
      found = all.stream().filter(phone -> phone.name().equals(given)).toList();
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw found.isEmpty()
        ? CommandException.refused(
            "no phone of that id or name is on the hub's list",
            "`countersign phone phones` shows those that this phone may see")
        : CommandException.refused(
            "several phones have that name", "give the id of one; see `countersign phone phones`");
  }
}
