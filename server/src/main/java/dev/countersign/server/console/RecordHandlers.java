// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.audit.AuditTrail;
import dev.countersign.server.audit.AuditVerification;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Problem;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateQuery;
import dev.countersign.server.ledger.CertificateSearch;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.IssuedCertificate;
import dev.countersign.server.telemetry.StoredReading;
import dev.countersign.server.telemetry.Telemetry;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was recorded: readings, certificates, the audit log. */
final class RecordHandlers {
  private static final int DEFAULT_LAST = 20;
  private static final int MAX_LAST = 1_000_000;

  private final Telemetry telemetry;
  private final CertificateSearch certificates;
  private final AuditTrail audit;
  private final Clock clock;

  RecordHandlers(
      Telemetry telemetry, CertificateSearch certificates, AuditTrail audit, Clock clock) {
    this.telemetry = telemetry;
    this.certificates = certificates;
    this.audit = audit;
    this.clock = clock;
  }

  Answer readings(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("since", "last");
    DeviceSerial serial = DeviceHandlers.serial(exchange);
    long last = exchange.queryNumber("last").orElse(DEFAULT_LAST);
    if (last > MAX_LAST) {
      throw new MalformedException("last", "expected at most " + MAX_LAST + "; use since for more");
    }
    Optional<String> since = exchange.queryParameter("since");
    if (since.isPresent()) {
      Instant from = instant(since.get());
      return telemetry.knows(serial)
          ? new Answer.Lines(sink ->
              telemetry.forEachSince(serial, from, reading -> sink.line(Views.reading(reading))))
          : DeviceHandlers.noSuchDevice();
    }
    Optional<List<StoredReading>> found = telemetry.latest(serial, (int) last);
    if (found.isEmpty()) {
      return DeviceHandlers.noSuchDevice();
    }
    return new Answer.Lines(sink -> {
      for (StoredReading reading : found.get()) {
        sink.line(Views.reading(reading));
      }
    });
  }

  private static Instant instant(String text) throws MalformedException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedException("since", "expected a time such as 2026-11-21T20:30:00Z", e);
    }
  }

  Answer certificates(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("expiring", "subject", "state", "kind", "after", "limit");
    Optional<Instant> expiringBefore = Optional.empty();
    if (exchange.queryParameter("expiring").isPresent()) {
      String within = exchange.queryParameter("expiring").get();
      expiringBefore = Optional.of(clock.instant().plus(RequestBody.duration("expiring", within)));
    }
    var query =
        new CertificateQuery(
            kind(exchange),
            exchange.queryParameter("subject"),
            expiringBefore,
            state(exchange),
            exchange.queryNumber("after").orElse(0),
            DeviceHandlers.limit(exchange));
    List<IssuedCertificate> found = certificates.search(query);
    return new Answer.Lines(sink -> {
      for (IssuedCertificate certificate : found) {
        sink.line(Views.certificate(certificate));
      }
    });
  }

  private static Optional<CertificateKind> kind(Exchange exchange) throws MalformedException {
    Optional<String> text = exchange.queryParameter("kind");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(CertificateKind.values())
            .filter(kind -> kind.wireName().equals(text.get()))
            .findFirst()
            .orElseThrow(() ->
                new MalformedException("kind", "expected device, server, operator or authority")));
  }

  private static Optional<CertificateState> state(Exchange exchange) throws MalformedException {
    Optional<String> text = exchange.queryParameter("state");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(CertificateState.values())
            .filter(state -> state.wireName().equals(text.get()))
            .findFirst()
            .orElseThrow(() ->
                new MalformedException("state", "expected issued, active, retired or revoked")));
  }

  Answer certificate(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    String id = exchange.pathParameter("id");
    if (!id.matches("\\d{1,18}")) {
      throw new MalformedException("id", "expected the number of a certificate");
    }
    Optional<IssuedCertificate> found = certificates.find(Long.parseLong(id));
    if (found.isEmpty()) {
      return Problem.notFound("no such certificate; 'certificate list' shows those there are");
    }
    var view = Views.certificate(found.get());
    view.put("pem", Certificates.toPem(Certificates.parse(found.get().der())));
    return Answer.json(200, view);
  }

  Answer audit(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("after", "limit");
    var entries =
        audit.list(exchange.queryNumber("after").orElse(0), DeviceHandlers.limit(exchange));
    return new Answer.Lines(sink -> {
      for (var entry : entries) {
        sink.line(Views.audit(entry));
      }
    });
  }

  Answer auditVerification(AuthenticatedOperator operator, Exchange exchange) {
    Map<String, Object> view = new LinkedHashMap<>();
    switch (audit.verify()) {
      case AuditVerification.Intact intact -> {
        view.put("intact", true);
        view.put("entries", intact.entries());
        view.put("head", intact.head().hex());
      }
      case AuditVerification.Broken broken -> {
        view.put("intact", false);
        view.put("number", broken.number());
        view.put("reason", broken.reason());
      }
    }
    return Answer.json(200, view);
  }
}
