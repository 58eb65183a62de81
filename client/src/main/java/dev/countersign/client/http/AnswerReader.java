// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.countersign.client.transport.Transport.Response;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads answers as HTTP/1.1 has them (RFC 9112), with limits on everything. */
public final class AnswerReader {
  private static final int MAX_LINE_BYTES = 8192;
  private static final int MAX_HEADERS = 100;

  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int FIRST_FINAL = 200;

  /** RFC 9110 §15.2: interim answers may come before the one that counts; not for ever. */
  private static final int MAX_INTERIM = 8;

  private final InputStream in;
  private final int maxBodyBytes;
  private boolean begun;

  /**
   * Reads from this stream, which should be buffered.
   *
   * @param maxBodyBytes of one answer; more is refused before it is read
   */
  public AnswerReader(InputStream in, int maxBodyBytes) {
    this.in = in;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Whether anything of an answer came. */
  public boolean isBegun() {
    return begun;
  }

  /** The next final answer. */
  public Response read() throws IOException {
    begun = false;
    for (int interim = 0; interim <= MAX_INTERIM; interim++) {
      int status = status(line());
      Map<String, String> headers = headers();
      if (status >= FIRST_FINAL) {
        return new Response(status, headers, body(status, headers));
      }
    }
    throw new IOException("expected a final answer after " + MAX_INTERIM + " interim ones");
  }

  private static int status(String line) throws IOException {
    if (!line.matches("HTTP/1\\.1 [1-5]\\d\\d( .*)?")) {
      throw new IOException("expected an answer in HTTP/1.1, got something else");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() >= MAX_HEADERS) {
        throw new IOException("expected header fields, and at most " + MAX_HEADERS);
      }
      headers.putIfAbsent(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return headers;
  }

  private byte[] body(int status, Map<String, String> headers) throws IOException {
    if (status == NO_CONTENT || status == NOT_MODIFIED) {
      return new byte[0];
    }
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return chunks();
    }
    String length = headers.get("content-length");
    if (length == null || !length.matches("\\d{1,9}")) {
      throw new IOException("expected a Content-Length");
    }
    var body = new ByteArrayOutputStream();
    copy(Integer.parseInt(length), body);
    return body.toByteArray();
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      copy(size, body);
      line();
    }
    headers(); // trailers, which nobody here reads
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    String line = line();
    if (!line.matches("[0-9a-fA-F]{1,7}( *;.*)?")) {
      throw new IOException("expected the size of a chunk");
    }
    return Integer.parseInt(line.split("[ ;]", 2)[0], 16);
  }

  private void copy(int count, ByteArrayOutputStream target) throws IOException {
    if (count > maxBodyBytes - target.size()) {
      throw new IOException("expected an answer of at most " + maxBodyBytes + " bytes");
    }
    var bytes = new byte[count];
    for (int at = 0; at < count; ) {
      int read = in.read(bytes, at, count - at);
      if (read < 0) {
        throw new EOFException("the connection ended inside an answer");
      }
      at += read;
    }
    target.write(bytes, 0, count);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended before an answer");
      }
      begun = true;
      if (line.size() >= MAX_LINE_BYTES) {
        throw new IOException("expected lines of at most " + MAX_LINE_BYTES + " bytes");
      }
      line.write(b);
    }
    String text = new String(line.toByteArray(), ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
