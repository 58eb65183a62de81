// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.storage.DurableFile;
import dev.countersign.hub.control.ControlAnswer;
import dev.countersign.hub.control.ControlRequest;
import dev.countersign.hub.qr.QrPicture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign hub qr}. */
@Command(
    name = "qr",
    description = {
      "Show the code that pairs a phone, as the hub's screen would.",
      "Whoever sees it can pair while the window is open: it is as secret as the screen."
    })
public final class HubQr extends HubCommand {
  /** 360 pixels for 45 modules: sharp on a screen, and small. */
  private static final int PIXELS_PER_MODULE = 8;

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  @Option(
      names = "--printed",
      description = "The code of the label: it never ends, and pairs after a press on the button.")
  private boolean printed;

  @Option(
      names = "--png",
      paramLabel = "FILE",
      description = "Write a picture as PNG, for its owner alone (0600).")
  private Optional<Path> png = Optional.empty();

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Write a picture as SVG, for its owner alone (0600).")
  private Optional<Path> svg = Optional.empty();

  @Option(
      names = "--follow",
      description = "Go on with each new code, also in the files, until the window closes.")
  private boolean follow;

  public HubQr(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    if (printed && follow) {
      throw CommandException.usage(
          "--printed and --follow exclude each other", "the code of the label never changes");
    }
    ObjectNode shown = ask(request());
    show(shown, output);
    while (follow) {
      Optional<ObjectNode> next = nextAfter(shown.path("text").stringValue());
      if (next.isEmpty()) {
        output.text("the window has closed");
        return;
      }
      shown = next.get();
      show(shown, output);
    }
  }

  private ControlRequest request() {
    return printed ? new ControlRequest.Label() : new ControlRequest.Screen();
  }

  /** The code after this one; empty when the window closes. */
  private Optional<ObjectNode> nextAfter(String text) throws CommandException {
    while (true) {
      try {
        Thread.sleep(LOOK_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
      Optional<ObjectNode> shown = askUnless(ControlAnswer.Reason.NO_WINDOW, request());
      if (shown.isEmpty() || !shown.get().path("text").stringValue().equals(text)) {
        return shown;
      }
    }
  }

  private void show(ObjectNode shown, Output output) throws CommandException {
    QrPicture picture = QrPicture.of(shown.path("text").stringValue());
    if (png.isPresent()) {
      write(png.get(), picture.png(PIXELS_PER_MODULE));
    }
    if (svg.isPresent()) {
      write(svg.get(), picture.svg("QR code that pairs a phone").getBytes(UTF_8));
    }
    output.json(described(shown, output.terminal()));
    for (String line : lines(picture, output.terminal())) {
      output.text(line);
    }
    if (printed) {
      output.text("for the label; it pairs a phone after " + command("press-button"));
    } else {
      describe(shown, output);
    }
    for (Path file : files()) {
      output.done(file + " written; it is as secret as the screen");
    }
  }

  private List<Path> files() {
    return Stream.of(png, svg).flatMap(Optional::stream).toList();
  }

  private static void describe(ObjectNode shown, Output output) throws CommandException {
    String digits = shown.path("manualCode").stringValue();
    output.text(
        "scan within %s s, or type %s %s"
            .formatted(
                Printable.value(shown.path("expiresInSeconds")),
                digits.substring(0, 5),
                digits.substring(5)));
    output.text(
        "the phone becomes %s; the window closes in %s s"
            .formatted(
                Printable.value(shown.path("role")),
                Printable.value(shown.path("windowClosesInSeconds"))));
  }

  /** What a program gets: always the same fields. */
  private static ObjectNode described(ObjectNode shown, Terminal terminal) {
    ObjectNode json = shown.objectNode();
    json.set("text", shown.path("text"));
    JsonNode seconds = shown.path("expiresInSeconds");
    if (seconds.isNumber()) {
      Instant end = terminal.clock().instant().plusSeconds(seconds.longValue());
      json.put("expiresAt", end.truncatedTo(ChronoUnit.SECONDS).toString());
    } else {
      json.putNull("expiresAt");
    }
    for (String field :
        List.of("expiresInSeconds", "manualCode", "windowClosesInSeconds", "role")) {
      json.set(field, shown.has(field) ? shown.get(field) : json.nullNode());
    }
    return json;
  }

  /** Colours, unless the environment is against them (no-color.org) or has none. */
  private static List<String> lines(QrPicture picture, Terminal terminal) {
    boolean plain =
        !terminal.environment().getOrDefault("NO_COLOR", "").isEmpty()
            || "dumb".equals(terminal.environment().get("TERM"));
    return plain ? picture.plainLines() : picture.colouredLines();
  }

  private static void write(Path file, byte[] content) throws CommandException {
    try {
      DurableFile.replace(file, content);
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot write " + file + ": " + Problems.reason(e),
          "name a file in a directory that you may write to and that has room");
    }
  }
}
