// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** HTTPS with the JDK's client: HTTP/1.1 over TLS 1.3 or 1.2, connections kept open. */
@NotOnAndroid("java.net.http; an app brings a Transport over its own HTTP library")
public final class JdkTransport implements Transport {
  /** With the handshake: a small device needs seconds for the arithmetic alone. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** More than any answer of the device API: 256 settings of a kilobyte, escaped. */
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private final URI server;
  private final HttpClient http;
  private final Set<UnderWay> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private JdkTransport(URI server, HttpClient http) {
    this.server = server;
    this.http = http;
  }

  /** An exchange, to be cancelled when the transport is closed. */
  private static final class UnderWay {
    private final CompletableFuture<?> answer;

    UnderWay(CompletableFuture<?> answer) {
      this.answer = answer;
    }
  }

  /** Opens nothing yet: connections are made when there is something to send. */
  public static Transport open(Endpoint endpoint) throws IOException {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      KeyManager[] keys =
          endpoint
              .identity()
              .map(identity -> new KeyManager[] {new FixedKeyManager(identity)})
              .orElseGet(() -> new KeyManager[0]);
      tls.init(keys, new TrustManager[] {endpoint.trustManager()}, null);
      SSLParameters parameters = tls.getDefaultSSLParameters();
      parameters.setProtocols(PROTOCOLS);
      HttpClient http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT_TIMEOUT)
              .sslContext(tls)
              .sslParameters(parameters)
              .build();
      return new JdkTransport(endpoint.server(), http);
    } catch (GeneralSecurityException e) {
      throw new IOException("this platform has no TLS to offer", e);
    }
  }

  /**
   * To a relay that carries sealed messages, and needs no trust for it: {@code http://}, or {@code
   * https://} by the platform's own list of authorities. Nothing else may be sent there.
   */
  public static Transport toRelay(URI relay) {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    return new JdkTransport(relay, http);
  }

  @Override
  public Response exchange(Request request) throws IOException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.resolve(request.path()))
            .method(
                request.method(),
                request.body().length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::setHeader);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(builder.build(), head -> new LimitedBody());
    var mine = new UnderWay(answer);
    underWay.add(mine);
    try {
      if (closed) {
        throw new IOException("closed");
      }
      // Not the client's own timeout, which ends with the head of the answer.
      return response(answer.get(request.timeout().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw (IOException)
          new HttpTimeoutException("no answer within " + request.timeout().toSeconds() + " s")
              .initCause(e);
    } catch (CancellationException e) {
      throw new IOException("closed", e);
    } catch (ExecutionException e) {
      // Its message is the cause's; where it happened is in that one.
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while sending").initCause(e);
    } finally {
      underWay.remove(mine);
      answer.cancel(true);
    }
  }

  private static Response response(HttpResponse<byte[]> answer) {
    var headers = new HashMap<String, String>();
    answer
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    return new Response(answer.statusCode(), headers, answer.body());
  }

  /** Exchanges that are under way end with an exception. */
  @Override
  public void close() {
    closed = true;
    underWay.forEach(exchange -> exchange.answer.cancel(true));
    if (http instanceof AutoCloseable closeable) { // from Java 21 on
      closeQuietly(closeable);
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("an HTTP client failed to close", e);
    }
  }

  /** A body that ends the exchange when it becomes too long, before it fills the memory. */
  @NotOnAndroid("java.net.http; part of JdkTransport")
  private static final class LimitedBody implements BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> content = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private Flow.Subscription subscription = new NoSubscription();

    @Override
    public CompletionStage<byte[]> getBody() {
      return content;
    }

    @Override
    public void onSubscribe(Flow.Subscription made) {
      subscription = made;
      made.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      for (ByteBuffer part : parts) {
        if (received.size() + part.remaining() > MAX_ANSWER_BYTES) {
          subscription.cancel();
          content.completeExceptionally(
              new IOException("expected an answer of at most " + MAX_ANSWER_BYTES + " bytes"));
          return;
        }
        var bytes = new byte[part.remaining()];
        part.get(bytes);
        received.write(bytes, 0, bytes.length);
      }
    }

    @Override
    public void onError(Throwable failure) {
      content.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      content.complete(received.toByteArray());
    }
  }

  /** Before there is one. */
  @NotOnAndroid("java.util.concurrent.Flow; part of JdkTransport")
  private static final class NoSubscription implements Flow.Subscription {
    @Override
    public void request(long items) {}

    @Override
    public void cancel() {}
  }
}
