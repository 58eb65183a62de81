// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.terminal.CommandException;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Speaks to the operator API of one server. Every failure is a {@link CommandException} that says
 * what to do; lists are handed on row by row and never held whole. For one thread.
 */
public final class OperatorClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Until the head of the answer; the rows of a list may then take as long as they need. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  /** Rows asked for at once. */
  private static final int PAGE_ROWS = 1000;

  /** More of an error's body is not read. */
  private static final int MAX_PROBLEM_BYTES = 64 * 1024;

  private final URI server;
  private final HttpClient http;

  private OperatorClient(URI server, HttpClient http) {
    this.server = server;
    this.http = http;
  }

  /** A client for this server; nothing is sent yet. */
  public static OperatorClient of(URI server, OperatorIdentity identity) {
    return new OperatorClient(
        server,
        HttpClient.newBuilder()
            .sslContext(identity.sslContext())
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build());
  }

  /** GET of one object. */
  public JsonNode get(ApiPath path) throws CommandException {
    return one(path, request(path).GET());
  }

  /** POST of one object, answered by one. */
  public JsonNode post(ApiPath path, JsonNode body) throws CommandException {
    return one(path, json(request(path)).POST(publisher(body)));
  }

  /** PATCH with one object, answered by one. */
  public JsonNode patch(ApiPath path, JsonNode body) throws CommandException {
    return one(path, json(request(path)).method("PATCH", publisher(body)));
  }

  /** DELETE, answered by nothing. */
  public void delete(ApiPath path) throws CommandException {
    exchange(path, request(path).DELETE(), InputStream::readAllBytes);
  }

  /** GET of a list, each line one row. */
  public void rows(ApiPath path, Rows rows) throws CommandException {
    list(path, request(path).GET(), rows);
  }

  /**
   * GET of a whole list, page by page, until an empty page: a server may give less at once than was
   * asked for.
   *
   * @param cursor the field of a row that the next page begins after
   */
  public void pages(ApiPath path, String cursor, Rows rows) throws CommandException {
    var last = new AtomicReference<>("");
    String after;
    do {
      after = last.get();
      ApiPath page = path.with("limit", PAGE_ROWS);
      rows(
          after.isEmpty() ? page : page.with("after", after),
          row -> {
            last.set(row.path(cursor).asString(""));
            rows.accept(row);
          });
    } while (!last.get().equals(after));
  }

  /** POST of a file, answered by a list. The file is sent while it is read. */
  public void upload(ApiPath path, String mediaType, Path file, Rows rows) throws CommandException {
    try {
      BodyPublisher body = BodyPublishers.ofFile(file);
      list(path, request(path).header("Content-Type", mediaType).POST(body), rows);
    } catch (FileNotFoundException e) {
      throw CommandException.refused("cannot read " + file, "name a file that you may read");
    }
  }

  private HttpRequest.Builder request(ApiPath path) {
    return HttpRequest.newBuilder(server.resolve(path.text())).timeout(ANSWER_TIMEOUT);
  }

  private static HttpRequest.Builder json(HttpRequest.Builder request) {
    return request.header("Content-Type", "application/json");
  }

  private static BodyPublisher publisher(JsonNode body) {
    return BodyPublishers.ofString(body.toString(), UTF_8);
  }

  private JsonNode one(ApiPath path, HttpRequest.Builder request) throws CommandException {
    return exchange(
        path,
        request,
        body -> {
          JsonNode answer = Json.MAPPER.readTree(body);
          if (!answer.isObject()) {
            throw notTheApi("expected one JSON object");
          }
          return answer;
        });
  }

  private void list(ApiPath path, HttpRequest.Builder request, Rows rows) throws CommandException {
    exchange(
        path,
        request,
        body -> {
          var lines = new BufferedReader(new InputStreamReader(body, UTF_8));
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank()) {
              rows.accept(Json.MAPPER.readTree(line));
            }
          }
          return true;
        });
  }

  /** Makes something of the body of a good answer. */
  @FunctionalInterface
  private interface Body<T> {
    T read(InputStream body) throws IOException, CommandException;
  }

  private <T> T exchange(ApiPath path, HttpRequest.Builder request, Body<T> reader)
      throws CommandException {
    HttpResponse<InputStream> response;
    try {
      response = http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      CommandException failure = ConnectionFailures.explain(server, e);
      throw ConnectionFailures.isUnexplained(e)
              && RefusalProbe.isTurnedAway(server, http.sslContext())
          ? ConnectionFailures.turnedAway(server)
          : failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.refused("interrupted", "run it again");
    }
    try (InputStream body = response.body()) {
      if (response.statusCode() / 100 != 2) {
        throw refusal(path, response, body);
      }
      return reader.read(body);
    } catch (IOException e) {
      throw ConnectionFailures.explain(server, e);
    } catch (JacksonException e) {
      throw notTheApi("expected JSON");
    }
  }

  /** RFC 9457: the detail says what is wrong in this case, the title what kind of wrong it is. */
  private static CommandException refusal(
      ApiPath path, HttpResponse<InputStream> response, InputStream body) throws IOException {
    int status = response.statusCode();
    JsonNode problem = Json.MAPPER.missingNode();
    try {
      problem = Json.MAPPER.readTree(body.readNBytes(MAX_PROBLEM_BYTES));
    } catch (JacksonException e) {
      // Something else than our server, or a proxy before it: the status has to do.
    }
    String cause =
        problem
            .path("detail")
            .asString(problem.path("title").asString("the server answered " + status));
    return CommandException.refused(
        cause, Advice.on(status, path, response.headers().firstValue("Retry-After")));
  }

  private CommandException notTheApi(String expected) {
    return CommandException.refused(
        server + " did not answer as the operator API does: " + expected,
        "check the port of --server, and that both sides are of one version");
  }

  /** Gives up whatever is still under way. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
