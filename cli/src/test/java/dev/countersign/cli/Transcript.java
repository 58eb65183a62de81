// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Replays a text of command lines, the requests they must make, the server's replies, and what must
 * be printed.
 *
 * <pre>
 * server GET /v1/devices/SN-1      the next request must be this; a body may follow
 * reply 200                        and is answered by this status
 * | {"serial":"SN-1"}              with these lines
 * $ countersign device show SN-1   what is run, with --server and --identity added unless named;
 * $$ countersign device            and here nothing is added
 * > SN-1                           stdout
 * ! …                              stderr
 * exit 0
 * </pre>
 *
 * <p>{@code {dir}} is a fresh directory; lines that begin with # are comments.
 */
final class Transcript {
  private record Expected(String request, int status, List<String> body) {}

  private final TestInstallation installation;
  private final Deque<Expected> expected = new ArrayDeque<>();
  private final List<String> actual = new ArrayList<>();

  Transcript(TestInstallation installation) {
    this.installation = installation;
  }

  /** What the text would have to be for everything in it to be true. */
  String replay(List<String> lines) throws Exception {
    try (FakeOperatorServer server = installation.serve(this::answer)) {
      for (String line : lines) {
        replay(line, server);
      }
    }
    return String.join("\n", actual) + "\n";
  }

  private void replay(String line, FakeOperatorServer server) throws IOException {
    boolean outcome = line.startsWith("> ") || line.equals(">") || line.startsWith("! ");
    if (outcome || line.startsWith("exit ")) {
      return;
    }
    synchronized (actual) {
      actual.add(line);
    }
    if (line.startsWith("server ")) {
      expected.add(new Expected(line.substring("server ".length()), 200, new ArrayList<>()));
    } else if (line.startsWith("reply ")) {
      Expected last = expected.removeLast();
      int status = Integer.parseInt(line.substring("reply ".length()));
      expected.add(new Expected(last.request(), status, last.body()));
    } else if (line.startsWith("| ")) {
      expected.getLast().body().add(line.substring(2));
    } else if (line.startsWith("file ")) {
      String[] parts = line.split(" ", 3);
      Files.writeString(
          installation.directory.resolve(parts[1]), parts[2].replace("\\n", "\n"), UTF_8);
    } else if (line.startsWith("$ countersign ")) {
      run(line.substring("$ countersign ".length()), server, line.contains("--server"));
    } else if (line.startsWith("$$ countersign ")) {
      run(line.substring("$$ countersign ".length()), server, true);
    }
  }

  private void run(String commandLine, FakeOperatorServer server, boolean complete) {
    String[] words = inDirectory(commandLine).split(" ");
    TestInstallation.Outcome outcome =
        complete ? installation.run(words) : installation.run(server, words);
    synchronized (actual) {
      print(">", outcome.out(), server);
      print("!", outcome.err(), server);
      actual.add("exit " + outcome.exitCode());
      expected.forEach(left -> actual.add("never asked: " + left.request()));
      expected.clear();
    }
  }

  private void print(String mark, String text, FakeOperatorServer server) {
    text.lines()
        .map(line -> line.replace(installation.directory.toString(), "{dir}"))
        .map(line -> line.replace(server.url(), "https://localhost:9443"))
        .forEach(line -> actual.add((mark + " " + line).stripTrailing()));
  }

  private String inDirectory(String text) {
    return text.replace("{dir}", installation.directory.toString());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String request =
        (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body)
            .strip()
            .replace("\n", "\\n");
    Expected next = expected.poll();
    if (next == null || !next.request().equals(request)) {
      synchronized (actual) {
        actual.add("asked: " + request);
      }
      FakeOperatorServer.answer(exchange, 500, "text/plain", "not in the transcript");
      return;
    }
    String mediaType =
        next.status() >= 400
            ? "application/problem+json"
            : next.body().size() > 1 ? "application/x-ndjson" : "application/json";
    if (next.status() == 503) {
      exchange.getResponseHeaders().set("Retry-After", "7");
    }
    FakeOperatorServer.answer(exchange, next.status(), mediaType, String.join("\n", next.body()));
  }
}
