// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.client.control.Invitation;
import dev.countersign.protocol.pairing.Role;
import java.util.Optional;

/** Shows a code for another phone. */
final class Invitations {
  private Invitations() {}

  static void show(Invitation invitation, Optional<Role> role, Output output)
      throws CommandException {
    output.json(
        Json.object()
            .put("code", CodeText.of(invitation.code()))
            .put("validForSeconds", invitation.validFor().toSeconds())
            .put("role", role.map(Role::wireName).orElse(Role.OWNER.wireName())));
    CodeText.show(invitation.code(), output);
    output.done(
        "good once, for %d s; whoever reads it can pair as %s"
            .formatted(invitation.validFor().toSeconds(), role.orElse(Role.OWNER).wireName()));
    output.next("on the other phone: `countersign phone pair CODE --name N --state DIR`");
  }
}
