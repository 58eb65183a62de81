// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import java.io.IOException;
import java.security.GeneralSecurityException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code countersign phone command}. */
@Command(
    name = "command",
    description = "Tell the hub to do something, such as lock=locked, and show its state after it.")
public final class PhoneGive extends HubCommand {
  @Parameters(
      index = "0",
      paramLabel = "NAME=VALUE",
      description = "A number, true or false, or else a text.")
  private String given = "";

  public PhoneGive(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    int equals = given.indexOf('=');
    if (equals < 1) {
      throw CommandException.usage(
          "expected NAME=VALUE, got " + given, "such as lock=locked or target=21.5");
    }
    String name = given.substring(0, equals);
    States.show(session.command(name, value(name, given.substring(equals + 1))), output);
  }

  private static Scalar value(String name, String text) throws CommandException {
    try {
      return Scalar.parse(name, text);
    } catch (MalformedException e) {
      throw CommandException.usage(name + ": " + e.problem(), "such as lock=locked or target=21.5");
    }
  }
}
