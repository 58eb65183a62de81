// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.sealed;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.LostState;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.MacMessage;
import dev.countersign.protocol.sealed.OpenedRequest;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign open}. */
@Command(
    name = "open",
    description = {
      "Open a sealed request of a device, or the answer to one (--reply-to), and show what is in"
          + " it.",
      "Says whether it is authentic; whether it is a replay, only the server knows."
    })
public final class Open extends SealedCommand {
  @Parameters(index = "0", paramLabel = "TOKEN", description = "The token.")
  private String text = "";

  @Option(
      names = "--reply-to",
      paramLabel = "REQUEST-TOKEN",
      description = "TOKEN is the answer to this request.")
  private Optional<String> replyTo = Optional.empty();

  @Option(names = "--json", description = "One JSON object, on stdout.")
  private boolean json;

  public Open(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws CommandException {
    SealedMessage message = token(text);
    Optional<SealedMessage> request =
        replyTo.isPresent() ? Optional.of(token(replyTo.get())) : Optional.empty();
    Optional<byte[]> context = context();
    try (Keys keys = keys()) {
      show(
          request.isPresent()
              ? answer(keys, request.get(), message, context)
              : request(keys, message, context));
      return ExitCode.DONE.number();
    } catch (NotAuthenticException e) {
      throw CommandException.refused(
          "the token does not open: it was altered, or sealed under another key",
          "check secret, serial, --generation, --algorithm and --id-context"
              + (replyTo.isPresent() ? ", and that it answers this request" : ""));
    } catch (ProtocolException e) {
      throw CommandException.refused(
          "the token is not what was expected: " + e.getMessage(),
          "an answer needs --reply-to; a request goes without");
    }
  }

  private static ObjectNode request(Keys keys, SealedMessage message, Optional<byte[]> context)
      throws ProtocolException {
    try (Opening opening = Opening.of(keys, message, context)) {
      InnerMessage inner = opening.request().message();
      ObjectNode shown =
          Json.object()
              .put("sequence", opening.request().sequence())
              .put("code", CoapCode.text(inner.code()))
              .put("path", inner.path())
              .put("query", inner.query());
      return common(shown, inner);
    }
  }

  private static ObjectNode answer(
      Keys keys, SealedMessage request, SealedMessage answer, Optional<byte[]> context)
      throws ProtocolException {
    try (Opening opening = Opening.of(keys, request, context)) {
      InnerMessage inner = opening.answer(keys, answer);
      ObjectNode shown =
          Json.object()
              .put("sequence", opening.request().sequence())
              .put("code", CoapCode.text(inner.code()));
      if (inner.etag().isPresent()) {
        shown.put("etagHex", Hexadecimal.encode(inner.etag().get()));
      }
      opening.newContext(answer).ifPresent(r2 -> shown.put("newIdContextHex", r2));
      return common(shown, inner);
    }
  }

  private static ObjectNode common(ObjectNode shown, InnerMessage inner) {
    inner.echo().ifPresent(echo -> shown.put("echoHex", Hexadecimal.encode(echo)));
    return shown.put("bodyHex", Hexadecimal.encode(inner.body()));
  }

  private void show(JsonNode shown) throws CommandException {
    var output = new Output(terminal(), json);
    output.json(shown);
    output.done("the token is authentic");
    var fields = new ArrayList<Output.Field>();
    shown
        .properties()
        .forEach(p -> fields.add(new Output.Field(p.getKey(), Printable.value(p.getValue()))));
    output.fields(List.copyOf(fields));
  }

  /** An opened request, and the request as its sender had it, to open the answer with. */
  private record Opening(OpenedRequest request, SentRequest sent, Runnable ending)
      implements AutoCloseable {
    static Opening of(Keys keys, SealedMessage message, Optional<byte[]> given)
        throws ProtocolException {
      if (message instanceof MacMessage mac) {
        MacContext context = keys.mac();
        OpenedRequest opened = context.open(mac);
        return new Opening(
            opened, context.seal(opened.sequence(), opened.message()), context::close);
      }
      var oscore = (OscoreMessage) message;
      Optional<byte[]> named = oscore.option().kidContext();
      Optional<byte[]> context =
          named.isPresent() ? Optional.of(LostState.idContext(named.get())) : given;
      OscoreContext device = keys.device(context);
      try (OscoreContext server = keys.server(context)) {
        OpenedRequest opened = server.open(oscore);
        // Sealing is deterministic: the same request again, this time with what its answer needs.
        SentRequest sent = device.seal(opened.sequence(), opened.message(), named.isPresent());
        return new Opening(opened, sent, device::close);
      }
    }

    InnerMessage answer(Keys keys, SealedMessage answer) throws ProtocolException {
      if (sent instanceof SentRequest.Oscore oscore
          && answer instanceof OscoreMessage message
          && message.option().kidContext().isPresent()) {
        byte[] r2 = LostState.idContext(message.option().kidContext().get());
        byte[] r1 =
            request
                .idContext()
                .orElseThrow(() ->
                    new MalformedException("answer", "expected none that names an ID Context"));
        try (OscoreContext next = keys.device(Optional.of(LostState.join(r2, r1)))) {
          return oscore.openUnder(next, answer);
        }
      }
      return sent.open(answer);
    }

    /** What the server adds to a new ID Context (RFC 8613 appendix B.2). */
    Optional<String> newContext(SealedMessage answer) throws MalformedException {
      Optional<byte[]> named =
          answer instanceof OscoreMessage oscore ? oscore.option().kidContext() : Optional.empty();
      return named.isPresent()
          ? Optional.of(Hexadecimal.encode(LostState.idContext(named.get())))
          : Optional.empty();
    }

    @Override
    public void close() {
      ending.run();
    }
  }
}
