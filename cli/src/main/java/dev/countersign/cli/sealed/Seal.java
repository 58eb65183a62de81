// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.sealed;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreOption;
import dev.countersign.protocol.sealed.SentRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign seal}. */
@Command(
    name = "seal",
    description = {
      "Seal one request of a device, and print the token.",
      "A number that seals two messages gives both away: keep the numbers in a file (--state)."
    })
public final class Seal extends SealedCommand {
  /** As on the command line. */
  enum Method {
    GET(CoapCode.GET),
    POST(CoapCode.POST);

    private final int code;

    Method(int code) {
      this.code = code;
    }
  }

  @Parameters(index = "0", paramLabel = "GET|POST", description = "What to do.")
  private Method method = Method.GET;

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      description = "With what, such as s?v=12 or d; the resources are in docs/protocol.md.")
  private String target = "";

  @Option(
      names = "--sequence",
      paramLabel = "N",
      description = "The sequence number; with --state the next one if it is left out.")
  private Optional<Long> sequence = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "Where used numbers are noted. Made if it is not there (0600).")
  private Optional<Path> state = Optional.empty();

  @Option(
      names = "--announce",
      description = "Send the ID Context along, as the first requests after lost state do.")
  private boolean announce;

  @Option(
      names = "--echo",
      paramLabel = "HEX",
      description = "The Echo of the newest answer, where the request must prove to be fresh.")
  private Optional<String> echo = Optional.empty();

  @Option(names = "--body-hex", paramLabel = "HEX", description = "The body, byte by byte.")
  private Optional<String> bodyHex = Optional.empty();

  @Option(names = "--json", paramLabel = "JSON", description = "The body, written as CBOR.")
  private Optional<String> json = Optional.empty();

  public Seal(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws CommandException {
    InnerMessage request = request();
    Optional<byte[]> context = context();
    if (announce && context.isEmpty()) {
      throw CommandException.usage(
          "--announce needs an ID Context", "add --id-context, or leave --announce out");
    }
    try (Keys keys = keys()) {
      String token = sealed(keys, number(context), request, context).message().token();
      new Output(terminal(), false).line(token);
    }
    return ExitCode.DONE.number();
  }

  private InnerMessage request() throws CommandException {
    if (bodyHex.isPresent() && json.isPresent()) {
      throw CommandException.usage("--body-hex and --json were both given", "give one of them");
    }
    byte[] body =
        bodyHex.isPresent()
            ? hex("--body-hex", bodyHex.get())
            : json.isPresent() ? JsonBody.encode(json.get()) : new byte[0];
    byte[] shown = echo.isPresent() ? hex("--echo", echo.get()) : new byte[0];
    try {
      InnerMessage request = InnerMessage.requestTo(method.code, target).withBody(body);
      return echo.isPresent() ? request.withEcho(shown) : request;
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "the request cannot be written: " + e.getMessage(), "use a shorter path or query");
    }
  }

  private long number(Optional<byte[]> context) throws CommandException {
    if (sequence.filter(n -> n < 0 || n > OscoreOption.MAX_PARTIAL_IV).isPresent()) {
      throw CommandException.usage(
          "--sequence expects 0 to 2^40-2, got " + sequence.get(), "leave it out with --state");
    }
    if (state.isPresent()) {
      OptionalLong wanted =
          sequence.isPresent() ? OptionalLong.of(sequence.get()) : OptionalLong.empty();
      return new NumberBook(state.get()).take(wanted, context);
    }
    if (sequence.isEmpty()) {
      throw CommandException.usage(
          "neither --sequence nor --state was given", "give --state FILE, which counts for you");
    }
    terminal()
        .warning(
            "number "
                + sequence.get()
                + " is noted nowhere: used for another message, it gives both away; --state FILE"
                + " takes care of that");
    return sequence.get();
  }

  private SentRequest sealed(
      Keys keys, long number, InnerMessage request, Optional<byte[]> context) {
    if (isMac()) {
      try (MacContext mac = keys.mac()) {
        return mac.seal(number, request);
      }
    }
    try (OscoreContext device = keys.device(context)) {
      return device.seal(number, request, announce);
    }
  }
}
