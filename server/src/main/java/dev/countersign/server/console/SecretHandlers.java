// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.MalformedException;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.fleet.BlastRadius;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.secrets.Rewrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code /v1/secrets} and {@code /v1/blast-radius}. */
final class SecretHandlers {
  private final Rewrap rewrap;
  private final BlastRadius blastRadius;

  SecretHandlers(Rewrap rewrap, BlastRadius blastRadius) {
    this.rewrap = rewrap;
    this.blastRadius = blastRadius;
  }

  /** Puts a new key-encryption key in place of the present one. */
  Answer rewrap(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    RequestBody.parse(exchange.body());
    try {
      Rewrap.Done done = rewrap.replaceKey(operator.actor());
      return Answer.json(
          200,
          Map.of(
              "oldKey", done.oldKey().hex(),
              "newKey", done.newKey().hex(),
              "rewrapped", done.count()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer blastRadius(AuthenticatedOperator operator, Exchange exchange) {
    var rows = blastRadius.rows();
    return new Answer.Lines(sink -> {
      for (BlastRadius.Row row : rows) {
        var view = new LinkedHashMap<String, Object>();
        view.put("key", row.key());
        view.put("holder", row.holder().name().toLowerCase(Locale.ROOT));
        view.put("count", row.count());
        view.put("devices", row.devices());
        view.put("flagged", row.flagged());
        view.put("remedy", row.remedy());
        sink.line(view);
      }
    });
  }
}
