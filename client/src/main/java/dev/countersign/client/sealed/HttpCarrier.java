// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.client.sealed.RelayRefusedException.Hint;
import dev.countersign.client.transport.Transport;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import java.io.IOException;
import java.util.Map;

/** Carries tokens by HTTP: to the server's {@code /r}, or to a relay that hands them on. */
public final class HttpCarrier implements Carrier {
  private static final String OSCORE = "OSCORE";
  private static final String OSCORE_TYPE = "application/oscore";
  private static final int HINT_CHARS = 4;

  private final Transport transport;
  private final Form form;
  private final int maxTokenChars;

  /** How a token becomes a request. */
  private interface Form {
    Request request(SealedMessage message);
  }

  private HttpCarrier(Transport transport, Form form, int maxTokenChars) {
    this.transport = transport;
    this.form = form;
    this.maxTokenChars = maxTokenChars;
  }

  /**
   * By {@code POST}: OSCORE as RFC 8613 §11 has it, a MAC message as a token.
   *
   * @param transport to the relay; closed with this
   * @param path such as {@code /r}
   */
  public static HttpCarrier post(Transport transport, String path, int maxTokenChars) {
    return new HttpCarrier(transport, message -> posted(path, message), maxTokenChars);
  }

  private static Request posted(String path, SealedMessage message) {
    return message instanceof OscoreMessage oscore
        ? Request.of("POST", path, OSCORE_TYPE, oscore.ciphertext()).with(OSCORE, oscore.header())
        : Request.of("POST", path, "text/plain", message.token().getBytes(US_ASCII));
  }

  /** By {@code GET}, the token as the parameter {@code o}. */
  public static HttpCarrier get(Transport transport, String path, int maxTokenChars) {
    String target = path + (path.indexOf('?') < 0 ? "?o=" : "&o=");
    return new HttpCarrier(
        transport, message -> Request.get(target + message.token()), maxTokenChars);
  }

  /**
   * By {@code POST} of a JSON object with the token in one field, as webhooks of chip vendors do.
   *
   * @param field a name of letters, digits and underscores
   */
  public static HttpCarrier json(
      Transport transport, String path, String field, int maxTokenChars) {
    if (!field.matches("[A-Za-z0-9_]{1,64}")) {
      throw new IllegalArgumentException("expected a field of letters, digits and underscores");
    }
    Form form =
        message ->
            Request.of(
                "POST",
                path,
                "application/json",
                ("{\"" + field + "\":\"" + message.token() + "\"}").getBytes(UTF_8));
    return new HttpCarrier(transport, form, maxTokenChars);
  }

  @Override
  public String exchange(String token) throws IOException {
    SealedMessage message;
    try {
      message = SealedMessage.parse(token);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("expected a token to send", e);
    }
    return token(transport.exchange(form.request(message)));
  }

  /** A token, whatever the status: relays have statuses of their own. */
  static String token(Response response) throws IOException {
    Map<String, String> headers = response.headers();
    String option = headers.getOrDefault("oscore", "");
    if (response.body().length <= SealedMessage.MAX_TOKEN_CHARS) {
      if (!option.isEmpty() && response.header("Content-Type").orElse("").startsWith(OSCORE_TYPE)) {
        return oscore(option, response.body());
      }
      String text = new String(response.body(), US_ASCII).trim();
      if (text.startsWith("o1.") || text.startsWith("m1.")) {
        return text;
      }
      throw refused(response, text.length() == HINT_CHARS ? text : "");
    }
    throw refused(response, "");
  }

  private static String oscore(String option, byte[] ciphertext) throws IOException {
    try {
      return OscoreMessage.of(option.trim(), ciphertext).token();
    } catch (MalformedException e) {
      throw new RelayRefusedException(
          Hint.NONE, -1, "what came back is no OSCORE message: " + e.problem());
    }
  }

  private static RelayRefusedException refused(Response response, String text) {
    Hint hint = hint(text);
    // Its words are nobody's in particular, so they are not repeated.
    String what = hint == Hint.NONE ? "no sealed answer" : text;
    return new RelayRefusedException(
        hint,
        response
            .header("Retry-After")
            .filter(value -> value.matches("\\d{1,8}"))
            .map(Long::parseLong)
            .orElse(-1L),
        "the relay gave " + what + " (status " + response.status() + ")");
  }

  private static Hint hint(String text) {
    return switch (text) {
      case "e1.1" -> Hint.UNKNOWN;
      case "e1.2" -> Hint.MALFORMED;
      case "e1.3" -> Hint.REPLAY;
      case "e1.9" -> Hint.OVERLOAD;
      default -> Hint.NONE;
    };
  }

  @Override
  public int maxTokenChars() {
    return maxTokenChars;
  }

  @Override
  public void close() {
    transport.close();
  }
}
