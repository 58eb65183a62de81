// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A listener: at once what can be, the rest on a virtual thread")
final class HttpListenerTest {
  private static final HttpLimits ONE_AT_A_TIME =
      TestLimits.limits().withConcurrentRequests(1).build();

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<Void> release = new CompletableFuture<>();
  private final HttpListener listener;
  private final HttpClient client = HttpClient.newHttpClient();

  HttpListenerTest() throws Exception {
    listener =
        HttpListener.open(
            vertx,
            new HttpListener.Setup(
                new HttpListener.Where("test", "127.0.0.1", 0),
                null,
                ONE_AT_A_TIME,
                ConnectionObserver.NONE),
            virtualThreads,
            new Router()
                .on("GET", "/slow", this::slow)
                .on("GET", "/quick", new Quick())
                .on("GET", "/thread", exchange -> Answer.text(200, threadKind())));
  }

  private Answer slow(Exchange exchange) {
    release.join();
    return Answer.NO_CONTENT;
  }

  private static String threadKind() {
    return Thread.currentThread().isVirtual() ? "virtual" : "event loop";
  }

  /** Answers at once, but for what the query asks it to do. */
  private static final class Quick implements Handler {
    @Override
    public Answer handle(Exchange exchange) {
      return Answer.text(200, threadKind());
    }

    @Override
    public Optional<Answer> handleAtOnce(Exchange exchange) throws ProtocolException {
      return switch (exchange.rawQuery().orElse("")) {
        case "leave" -> Optional.empty();
        case "malformed" -> throw new MalformedException("name", "expected another");
        case "bug" -> throw new IllegalStateException("a bug");
        case "closing" -> throw new RejectedExecutionException("no more threads");
        case "later" ->
            Optional.of(
                new Answer.Later(
                    CompletableFuture.supplyAsync(() -> Answer.text(200, "after a while"))));
        default -> Optional.of(Answer.text(200, threadKind()));
      };
    }
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path)).build();
  }

  private HttpResponse<String> answerTo(String path) throws Exception {
    return client.send(get(path), BodyHandlers.ofString());
  }

  @AfterEach
  void close() throws Exception {
    release.complete(null);
    listener.close();
    virtualThreads.close();
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @Test
  @DisplayName("what a handler answers at once is answered on the event loop")
  void answers_at_once() throws Exception {
    assertThat(answerTo("/quick").body()).isEqualTo("event loop");
    assertThat(listener.answered(200)).isEqualTo(1);
  }

  @Test
  @DisplayName("what a handler leaves, and any other handler, runs on a virtual thread")
  void leaves_the_rest_to_a_virtual_thread() throws Exception {
    assertThat(answerTo("/quick?leave").body()).isEqualTo("virtual");
    assertThat(answerTo("/thread").body()).isEqualTo("virtual");
  }

  @Test
  @DisplayName("an answer may come later also where the handler was asked at once")
  void answers_later() throws Exception {
    assertThat(answerTo("/quick?later").body()).isEqualTo("after a while");
  }

  @Test
  @DisplayName("a failure at once is answered as any other: 400 for the peer's, 500 for ours")
  void failures_at_once() throws Exception {
    assertThat(answerTo("/quick?malformed").statusCode()).isEqualTo(400);
    assertThat(answerTo("/quick?bug").statusCode()).isEqualTo(500);
    assertThat(answerTo("/quick?closing").statusCode()).as("no bug").isEqualTo(503);
    assertThat(answerTo("/quick").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("without a permit left it is 503, but for what needs no thread")
  void permits_are_for_threads() throws Exception {
    var slow = client.sendAsync(get("/slow"), BodyHandlers.ofString());
    await().until(() -> answerTo("/thread").statusCode() == 503);

    assertThat(answerTo("/quick").statusCode()).isEqualTo(200);
    release.complete(null);
    assertThat(slow.get().statusCode()).isEqualTo(204);
  }
}
