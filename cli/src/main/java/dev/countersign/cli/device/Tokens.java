// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import tools.jackson.databind.JsonNode;

/** Shows a one-time enrolment token. It is the only time: the server keeps a hash. */
final class Tokens {
  private Tokens() {}

  static void show(Output output, JsonNode answer) throws CommandException {
    String serial = Printable.value(answer.path("serial"));
    output.done(
        "one-time enrolment token, valid until " + Printable.time(answer.path("expiresAt")));
    output.text("");
    output.text("  " + Printable.value(answer.path("enrolmentToken")));
    output.text("");
    output.text("  root SHA-256  " + Printable.value(answer.path("rootSha256")));
    output.next(
        "give it to the device now: it is not shown again. The device sends it once, as the"
            + " password of "
            + serial
            + " in its first EST simpleenroll");
    output.next("lost it? `countersign device token " + serial + "` makes a new one");
  }
}
