// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** A request while it comes in: what is too much is refused before it is held. Event loop only. */
final class IncomingRequest {
  private final HttpServerRequest request;
  private final Connection connection;
  private final int maxBytes;
  private final BodyBudget budget;
  private final Buffer body = Buffer.buffer();
  private boolean over;

  IncomingRequest(
      HttpServerRequest request, Connection connection, int maxBytes, BodyBudget budget) {
    this.request = request;
    this.connection = connection;
    this.maxBytes = maxBytes;
    this.budget = budget;
  }

  /** Where a request goes. */
  interface Destination {
    /** It is whole. Its body is to be given back to the budget once it is answered. */
    void accept(HttpServerRequest request, Connection connection, byte[] body);

    /** It goes no further. */
    void refuse(HttpServerRequest request, Connection connection, Refusal refusal);
  }

  void read(Destination destination) {
    Refusal refusal = refusalOfHead();
    if (refusal != null) {
      destination.refuse(request, connection, refusal);
      return;
    }
    connection.reading(this);
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    request.handler(chunk -> {
      Refusal tooMuch = add(chunk);
      if (tooMuch != null) {
        refuse(destination, tooMuch);
      }
    });
    request.endHandler(nothing -> {
      if (!over) {
        over = true;
        connection.reading(null);
        destination.accept(request, connection, body.getBytes());
      }
    });
  }

  private @Nullable Refusal refusalOfHead() {
    String encoding = request.getHeader("Transfer-Encoding");
    if (encoding != null && !encoding.strip().equalsIgnoreCase("chunked")) {
      return Refusal.malformed("Transfer-Encoding: expected nothing but chunked");
    }
    return declared(request.getHeader("Content-Length")) > maxBytes
        ? Refusal.tooLarge(maxBytes)
        : null;
  }

  private static long declared(@Nullable String length) {
    if (length == null) {
      return 0;
    }
    // Netty has refused what is not a number; ten digits are too many whatever they say.
    return length.length() > 9 ? Long.MAX_VALUE : Long.parseLong(length.strip());
  }

  private @Nullable Refusal add(Buffer chunk) {
    if (body.length() + chunk.length() > maxBytes) {
      return Refusal.tooLarge(maxBytes);
    }
    if (!budget.tryTake(chunk.length())) {
      return Refusal.overloaded();
    }
    body.appendBuffer(chunk);
    return null;
  }

  /** Refuses what has not come in whole. */
  void refuse(Destination destination, Refusal refusal) {
    if (!over) {
      abandon();
      destination.refuse(request, connection, refusal);
    }
  }

  /** The rest will not come, or nobody wants it. */
  void abandon() {
    if (!over) {
      over = true;
      connection.reading(null);
      budget.giveBack(body.length());
    }
  }
}
