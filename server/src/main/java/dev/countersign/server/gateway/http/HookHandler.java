// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.protocol.MalformedException;
import dev.countersign.server.http.AddressBlock;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Handler;
import dev.countersign.server.journal.Attempt;
import dev.countersign.server.journal.Claim;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.Reason;
import dev.countersign.server.quota.DeviceQuotas;
import dev.countersign.server.quota.FailedAttempts;
import dev.countersign.server.relay.AuthenticatedRelay;
import dev.countersign.server.relay.Carriage;
import dev.countersign.server.relay.CarriedMessage;
import dev.countersign.server.relay.Diagnosis;
import dev.countersign.server.relay.Diagnosis.Finding;
import dev.countersign.server.relay.HookBody;
import dev.countersign.server.relay.RelayDelivery;
import dev.countersign.server.relay.RelayGate;
import dev.countersign.server.relay.RelayNotes;
import dev.countersign.server.relay.RelayVerdict;
import dev.countersign.server.relay.SealedArrival;
import dev.countersign.server.relay.SealedExchanges;
import dev.countersign.server.relay.SealedReply.Kind;
import dev.countersign.server.relay.health.RelayHealth;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code POST /hook/{relay}}: sealed messages in the JSON documents of a relay. The relay is judged
 * first; only then is anything of the message looked at.
 */
final class HookHandler implements Handler {
  private final SealedExchanges exchanges;
  private final RelayGate gate;
  private final RelayHealth health;
  private final DeviceQuotas quotas;
  private final FailedAttempts failures;
  private final Journal journal;
  private final Clock clock;

  HookHandler(DeviceApi.Sealed sealed, Journal journal, Clock clock) {
    this.exchanges = sealed.exchanges();
    this.gate = sealed.gate();
    this.health = sealed.health();
    this.quotas = sealed.quotas();
    this.failures = sealed.failures();
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  public Answer handle(Exchange exchange) {
    var delivery =
        new RelayDelivery(
            exchange.pathParameter("relay"),
            exchange.path(),
            exchange.header("Countersign-Relay"),
            exchange.header("Authorization"),
            exchange.body());
    return switch (gate.judge(delivery)) {
      case RelayVerdict.Admitted admitted -> admitted(exchange, admitted.relay());
      case RelayVerdict.Refused refused -> refused(exchange, refused.why());
    };
  }

  /**
   * Only who fails has to wait: a stranger in the same cloud, behind the same address, must not be
   * able to shut a relay out.
   */
  private Answer refused(Exchange exchange, RelayVerdict.Refusal why) {
    AddressBlock from = exchange.connection().addressBlock();
    long wait = failures.wait(from);
    if (wait > 0) {
      note(exchange, Reason.RELAY_TOO_MANY_FAILURES, "");
      return SealedAnswers.tooMany(wait, false);
    }
    failures.failed(from);
    note(exchange, reason(why), "relay " + exchange.pathParameter("relay"));
    return SealedAnswers.error(Kind.UNAUTHENTICATED, false);
  }

  private static Reason reason(RelayVerdict.Refusal why) {
    return switch (why) {
      case UNKNOWN -> Reason.RELAY_UNKNOWN;
      case NOT_SIGNED -> Reason.RELAY_NOT_SIGNED;
      case WRONG_SECRET -> Reason.RELAY_WRONG_SECRET;
      case FROZEN -> Reason.RELAY_FROZEN;
      case STALE -> Reason.RELAY_STALE;
      case DELIVERY_REUSED -> Reason.RELAY_DELIVERY_REUSED;
    };
  }

  private Answer admitted(Exchange exchange, AuthenticatedRelay relay) {
    boolean errorsAs200 = relay.account().errorsAs200();
    long wait = quotas.take(relay.id(), exchange.sizeBytes());
    if (wait > 0) {
      note(exchange, Reason.RELAY_QUOTA, "relay " + relay.name());
      return SealedAnswers.tooMany(wait, errorsAs200);
    }
    HookBody body;
    try {
      body = HookBody.parse(exchange.body(), relay.account().field());
    } catch (MalformedException e) {
      note(exchange, Reason.MALFORMED, "relay " + relay.name() + ": " + e.getMessage());
      health.note(relay, Diagnosis.of(Finding.MALFORMED), RelayNotes.NONE, clock.instant());
      return SealedAnswers.error(Kind.MALFORMED, errorsAs200);
    }
    Instant now = clock.instant();
    var notes = new RelayNotes(relay.delivery(), body.device(), body.sentAt());
    var arrival =
        new SealedArrival(
            new CarriedMessage.Token(body.token()),
            Carriage.HOOK,
            Optional.of(relay),
            notes,
            now,
            exchange.arrivedNanos(),
            exchange.connection().address());
    return new Answer.Later(
        SealedAnswers.exchanged(exchanges, arrival)
            .thenApply(reply -> {
              health.note(relay, reply.diagnosis(), notes, now);
              return SealedAnswers.text(reply, errorsAs200);
            }));
  }

  private void note(Exchange exchange, Reason reason, String detail) {
    journal.note(
        new Attempt(
            DeviceApi.LISTENER, exchange.connection().address(), reason, detail, Claim.NONE));
  }
}
