// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** HTTPS with the JDK's client: HTTP/1.1 over TLS 1.3 or 1.2, connections kept open. */
public final class JdkTransport implements Transport {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** More than any answer of the device API. */
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private final URI server;
  private final HttpClient http;

  private JdkTransport(URI server, HttpClient http) {
    this.server = server;
    this.http = http;
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

  @Override
  public Response exchange(Request request) throws IOException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.resolve(request.path()))
            .timeout(request.timeout())
            .method(
                request.method(),
                request.body().length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::setHeader);
    try {
      HttpResponse<InputStream> answer =
          http.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
      var headers = new HashMap<String, String>();
      answer
          .headers()
          .map()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
      return new Response(answer.statusCode(), headers, limited(answer.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while sending").initCause(e);
    }
  }

  private static byte[] limited(InputStream body) throws IOException {
    try (body) {
      byte[] content = body.readNBytes(MAX_ANSWER_BYTES + 1);
      if (content.length > MAX_ANSWER_BYTES) {
        throw new IOException("expected an answer of at most " + MAX_ANSWER_BYTES + " bytes");
      }
      return content;
    }
  }

  /** Open connections end when nobody uses this transport any more (the client has no close). */
  @Override
  public void close() {
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
}
