// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Requests and answers on one connection, one after the other. For one thread at a time. */
public final class HttpConversation {
  private final OutputStream out;
  private final AnswerReader answers;
  private final String authority;

  /**
   * Begins on a fresh connection.
   *
   * @param authority what stands in the Host field: host and port
   * @param maxBodyBytes of one answer
   */
  public HttpConversation(InputStream in, OutputStream out, String authority, int maxBodyBytes) {
    this.out = out;
    this.answers = new AnswerReader(new BufferedInputStream(in), maxBodyBytes);
    this.authority = authority;
  }

  /** Sends a request in one piece and waits for its answer, as long as the stream does. */
  public Response exchange(Request request) throws IOException {
    var message = new ByteArrayOutputStream();
    byte[] head = head(request).getBytes(ISO_8859_1);
    message.write(head, 0, head.length);
    message.write(request.body(), 0, request.body().length);
    out.write(message.toByteArray());
    out.flush();
    return answers.read();
  }

  private String head(Request request) {
    var head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(authority).append("\r\n");
    request.headers().forEach((n, v) -> head.append(n).append(": ").append(v).append("\r\n"));
    if (request.body().length > 0 || !request.method().equals("GET")) {
      head.append("Content-Length: ").append(request.body().length).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** Whether a request failed before anything of an answer came. */
  public boolean isUnanswered() {
    return !answers.isBegun();
  }
}
