// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Problem;
import dev.countersign.server.relay.NewRelay;
import dev.countersign.server.relay.RelayAccount;
import dev.countersign.server.relay.RelayAccounts;
import dev.countersign.server.relay.RelayMode;
import dev.countersign.server.relay.RelaySecret;
import dev.countersign.server.relay.health.DeviceTally;
import dev.countersign.server.relay.health.RelayHealth;
import dev.countersign.server.relay.health.RelayReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /v1/relays}. */
final class RelayHandlers {
  private static final int MAX_REASON_CHARS = 200;
  private static final Duration MAX_LOOK_BACK = Duration.ofDays(3650);

  private final RelayAccounts accounts;
  private final RelayHealth health;
  private final Clock clock;

  RelayHandlers(RelayAccounts accounts, RelayHealth health, Clock clock) {
    this.accounts = accounts;
    this.health = health;
    this.clock = clock;
  }

  Answer add(AuthenticatedOperator operator, Exchange exchange) throws ProtocolException {
    var body = RequestBody.parse(exchange.body(), "name", "mode", "field", "errorsAs200");
    RelayMode mode =
        RelayMode.named(body.text("mode").orElse(RelayMode.SIGNED.wireName()))
            .orElseThrow(() -> new MalformedException("mode", "expected signed or static"));
    NewRelay relay =
        new NewRelay(
                body.requiredText("name"),
                mode,
                body.text("field").orElse(RelayAccount.DEFAULT_FIELD),
                body.flag("errorsAs200", false))
            .checked();
    return switch (accounts.add(relay, operator.actor())) {
      case RelayAccounts.Addition.Added added -> {
        try (RelaySecret secret = added.secret()) {
          yield Answer.json(201, RelayViews.added(added.account(), secret))
              .with("Cache-Control", "no-store");
        }
      }
      case RelayAccounts.Addition.Exists _ ->
          Problem.conflict(
              "relay-exists", "there is a relay of this name; 'relay list' shows those there are");
      case RelayAccounts.Addition.TooMany _ ->
          Problem.conflict(
              "too-many-relays", "expected at most " + RelayAccounts.MAX_RELAYS + " relays");
    };
  }

  Answer list(AuthenticatedOperator operator, Exchange exchange) {
    List<RelayReport> reports = health.reports();
    return new Answer.Lines(sink -> {
      for (RelayReport report : reports) {
        sink.line(RelayViews.report(report));
      }
    });
  }

  Answer health(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters();
    Optional<RelayReport> report = health.report(exchange.pathParameter("name"));
    return report.isEmpty() ? noSuchRelay() : Answer.json(200, RelayViews.report(report.get()));
  }

  /** The devices of which something came, as far back as {@code since}. */
  Answer devices(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("device", "since", "after", "limit");
    Optional<RelayReport> report = health.report(exchange.pathParameter("name"));
    if (report.isEmpty()) {
      return noSuchRelay();
    }
    Instant since = since(exchange);
    Optional<String> only = exchange.queryParameter("device");
    String after = exchange.queryParameter("after").orElse("");
    int limit = DeviceHandlers.limit(exchange);
    RelayAccount account = report.get().account();
    List<DeviceTally> found =
        only.isPresent()
            ? health.device(account, DeviceSerial.parse(only.get())).stream().toList()
            : health.devices(account, since, after, limit);
    return new Answer.Lines(sink -> {
      for (DeviceTally tally : found) {
        sink.line(RelayViews.device(tally));
      }
    });
  }

  private Instant since(Exchange exchange) throws MalformedException {
    Optional<String> text = exchange.queryParameter("since");
    if (text.isEmpty()) {
      return Instant.EPOCH;
    }
    Duration back = RequestBody.duration("since", text.get());
    if (back.isNegative() || back.compareTo(MAX_LOOK_BACK) > 0) {
      throw new MalformedException("since", "expected at most " + MAX_LOOK_BACK);
    }
    return clock.instant().minus(back);
  }

  Answer freeze(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    return changed(
        accounts.freeze(exchange.pathParameter("name"), reason(exchange), operator.actor()));
  }

  Answer unfreeze(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    return changed(
        accounts.unfreeze(exchange.pathParameter("name"), reason(exchange), operator.actor()));
  }

  private Answer changed(Optional<RelayAccount> account) {
    return account.flatMap(found -> health.report(found.name())).isEmpty()
        ? noSuchRelay()
        : Answer.json(
            200, RelayViews.report(health.report(account.orElseThrow().name()).orElseThrow()));
  }

  /** May be missing: who freezes a relay may be in a hurry. */
  private static String reason(Exchange exchange) throws MalformedException {
    String reason = RequestBody.parse(exchange.body(), "reason").text("reason").orElse("").strip();
    if (reason.length() > MAX_REASON_CHARS) {
      throw new MalformedException(
          "reason", "expected at most " + MAX_REASON_CHARS + " characters");
    }
    return reason;
  }

  private static Answer.Complete noSuchRelay() {
    return Problem.notFound("no such relay; 'relay list' shows those there are");
  }
}
