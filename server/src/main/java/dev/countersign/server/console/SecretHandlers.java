// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.fleet.BlastRadius;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Problem;
import dev.countersign.server.relay.exchange.Resync;
import dev.countersign.server.secrets.Rewrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** {@code /v1/secrets}, {@code /v1/blast-radius} and {@code /v1/resync}. */
final class SecretHandlers {
  private final Rewrap rewrap;
  private final BlastRadius blastRadius;
  private final Resync resync;

  SecretHandlers(Rewrap rewrap, BlastRadius blastRadius, Resync resync) {
    this.rewrap = rewrap;
    this.blastRadius = blastRadius;
    this.resync = resync;
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

  /** Devices have to agree on new contexts: one, or all. Nobody means all by leaving a name out. */
  Answer resync(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    RequestBody body = RequestBody.parse(exchange.body(), "reason", "serial", "all");
    String reason = DeviceHandlers.reason(body);
    if (body.has("serial") == body.has("all") || (body.has("all") && !body.flag("all", true))) {
      throw new MalformedException("serial", "expected it, or \"all\": true in its place");
    }
    OptionalInt count =
        body.has("all")
            ? OptionalInt.of(resync.requireOfAll(reason, operator))
            : resync.require(DeviceSerial.parse(body.requiredText("serial")), reason, operator);
    return count.isPresent()
        ? Answer.json(200, Map.of("contexts", count.getAsInt()))
        : Problem.notFound("no such device");
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
