// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.control.ControlAnswer;
import dev.countersign.hub.control.ControlClient;
import dev.countersign.hub.control.ControlRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** A command that asks the hub that runs on a state directory. */
abstract class HubCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      required = true,
      description = "The state directory of the hub, on this device's own disk.")
  private Path state = Path.of("");

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  HubCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public final Integer call() throws CommandException {
    run(new Output(terminal, json));
    return ExitCode.DONE.number();
  }

  abstract void run(Output output) throws CommandException;

  final Path state() {
    return state;
  }

  /** A command for the same hub, as one could type it. */
  final String command(String words) {
    return "./countersign hub " + words + " --state " + state;
  }

  /** What the hub answers; a refusal is an exception. */
  final ObjectNode ask(ControlRequest request) throws CommandException {
    return switch (answer(request)) {
      case ControlAnswer.Done(ObjectNode result) -> result;
      case ControlAnswer.Refused(ControlAnswer.Reason reason) -> throw refused(reason);
    };
  }

  /** What the hub answers; empty if it refuses for this reason. */
  final Optional<ObjectNode> askUnless(ControlAnswer.Reason expected, ControlRequest request)
      throws CommandException {
    return switch (answer(request)) {
      case ControlAnswer.Done(ObjectNode result) -> Optional.of(result);
      case ControlAnswer.Refused(ControlAnswer.Reason reason) -> {
        if (reason == expected) {
          yield Optional.empty();
        }
        throw refused(reason);
      }
    };
  }

  private ControlAnswer answer(ControlRequest request) throws CommandException {
    try {
      return new ControlClient(state).ask(request);
    } catch (ControlClient.NotRunningException e) {
      throw CommandException.unreachable(
          "no hub runs on " + state, "start it with " + command("run"));
    } catch (IOException e) {
      throw CommandException.refused(
          "the hub on " + state + " cannot be asked: " + Problems.reason(e),
          "run this as the user of the hub, on the device itself");
    }
  }

  private CommandException refused(ControlAnswer.Reason reason) {
    return switch (reason) {
      case NO_WINDOW ->
          CommandException.refused(
              "no window is open, so there is nothing to scan",
              "press the button: " + command("press-button"));
      case NO_SUCH_PHONE ->
          CommandException.refused(
              "no phone of that id or name is on the list", command("phones") + " lists them");
      case SEVERAL_OF_THAT_NAME ->
          CommandException.refused(
              "several phones have that name", "give the id of one; see " + command("phones"));
      case LAST_OWNER ->
          CommandException.refused(
              "nobody would own the hub without that phone",
              "let the owner hand the hub on first, or " + command("reset"));
      case FAILED ->
          CommandException.refused(
              "the hub could not write that down", "its log says why; is its disk full?");
      case BUSY -> CommandException.refused("too many commands ask the hub at once", "try again");
      case MALFORMED ->
          CommandException.refused(
              "the hub does not know this request", "it runs another version: restart it");
    };
  }
}
