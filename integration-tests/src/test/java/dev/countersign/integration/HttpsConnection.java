// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.client.transport.Endpoint;
import dev.countersign.client.transport.ServerTrust;
import dev.countersign.client.transport.TimeFloor;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * One TLS connection and the requests on it, in order, byte by byte as the test wants them. The
 * server is verified as a device does it, without regard to the machine's clock.
 */
public final class HttpsConnection implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  /** Nothing here takes as long; a test that hangs should say where. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SSLSocket socket;
  private final InputStream in;

  private HttpsConnection(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Connects, shakes hands, and sends nothing yet. */
  public static HttpsConnection open(int port, X509Certificate root, Optional<TlsIdentity> identity)
      throws IOException {
    var socket =
        (SSLSocket) context(root, identity).getSocketFactory().createSocket(LOOPBACK, port);
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.startHandshake();
      return new HttpsConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static SSLContext context(X509Certificate root, Optional<TlsIdentity> identity) {
    var endpoint =
        new Endpoint(
            URI.create("https://localhost"),
            new ServerTrust.Root(root),
            new TimeFloor(),
            Optional.empty());
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          identity
              .map(shown -> new KeyManager[] {shown.keyManager()})
              .orElseGet(() -> new KeyManager[0]),
          new TrustManager[] {endpoint.trustManager()},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has TLS", e);
    }
  }

  /** What the server showed. */
  public List<X509Certificate> serverChain() throws IOException {
    return List.of(socket.getSession().getPeerCertificates()).stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  /** A request without a body. */
  public Answer get(String target, String... headers) throws IOException {
    return send("GET", target, "", headers);
  }

  /**
   * A request and its answer.
   *
   * @param headers lines such as {@code Accept: text/plain}
   */
  public Answer send(String method, String target, String body, String... headers)
      throws IOException {
    begin(method, target, body, headers);
    return answer();
  }

  /** Sends a request whose answer {@link #answer} waits for. */
  public void begin(String method, String target, String body, String... headers)
      throws IOException {
    byte[] content = body.getBytes(UTF_8);
    var head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    if (content.length > 0) {
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    whole.writeBytes(content);
    write(whole.toByteArray());
  }

  /** Sends these bytes as they are. */
  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Waits for the next answer. */
  public Answer answer() throws IOException {
    String[] status = line().split(" ", 3);
    if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
      throw new IOException("expected a status line, got " + String.join(" ", status));
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int code = Integer.parseInt(status[1]);
    return new Answer(code, Map.copyOf(headers), new String(body(code, headers), UTF_8));
  }

  private byte[] body(int status, Map<String, String> headers) throws IOException {
    if (status == 204 || status == 304) {
      return new byte[0];
    }
    if (!"chunked".equals(headers.get("transfer-encoding"))) {
      return exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    var whole = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      whole.writeBytes(exactly(size));
      line();
    }
    line();
    return whole.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the connection ended inside an answer");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended before an answer");
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /** Whether the server ends this connection within a time, with nothing more said. */
  public boolean endsWithin(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // a reset ends it as well
    } finally {
      socket.setSoTimeout((int) PATIENCE.toMillis());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
