// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.fleet.DeviceDirectory;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.ledger.CertificateQuery;
import dev.countersign.server.ledger.CertificateSearch;
import dev.countersign.server.ledger.CertificateState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the installation is: for people, for probes, for Prometheus. */
final class StatusHandlers {
  private static final Duration SOON = Duration.ofDays(30);
  private static final Duration AUTHORITY_SOON = Duration.ofDays(365);
  private static final int MAX_COUNTED = 1000;

  private final InstallationView installation;
  private final DeviceDirectory devices;
  private final CertificateSearch certificates;
  private final Clock clock;

  StatusHandlers(
      InstallationView installation,
      DeviceDirectory devices,
      CertificateSearch certificates,
      Clock clock) {
    this.installation = installation;
    this.devices = devices;
    this.certificates = certificates;
    this.clock = clock;
  }

  Answer status(AuthenticatedOperator operator, Exchange exchange) {
    Instant now = clock.instant();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("version", installation.version());
    view.put("startedAt", installation.startedAt().toString());
    view.put("time", now.toString());
    view.put("listeners", installation.listeners());
    Map<String, Object> counts = new LinkedHashMap<>();
    devices.count().forEach((status, count) -> counts.put(status.wireName(), count));
    view.put("devices", counts);
    Map<String, Object> states = new LinkedHashMap<>();
    certificates.count().forEach((state, count) -> states.put(state.wireName(), count));
    view.put("certificates", states);
    view.put("serverCertificateEnds", installation.serverCertificateEnds().toString());
    view.put("attention", attention(now));
    return Answer.json(200, view);
  }

  /** What a person should do something about, with what to do. */
  private List<String> attention(Instant now) {
    var attention = new ArrayList<String>();
    for (Map<String, Object> authority : installation.authorities()) {
      Instant end = Instant.parse((String) authority.get("notAfter"));
      if (end.isBefore(now.plus(AUTHORITY_SOON))) {
        attention.add(authority.get("name") + " ends " + end + ": plan its replacement");
      }
    }
    if (installation.serverCertificateEnds().isBefore(now.plus(Duration.ofDays(15)))) {
      attention.add(
          "the server certificate ends "
              + installation.serverCertificateEnds()
              + " and was not renewed: see the log");
    }
    int expiring =
        certificates
            .search(
                new CertificateQuery(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(now.plus(SOON)),
                    Optional.of(CertificateState.ACTIVE),
                    0,
                    MAX_COUNTED))
            .size();
    if (expiring > 0) {
      attention.add(
          (expiring == MAX_COUNTED ? "at least " : "")
              + expiring
              + " certificates in use end within 30 days: 'certificate list --expiring 30d'");
    }
    return attention;
  }

  Answer authorities(AuthenticatedOperator operator, Exchange exchange) {
    var authorities = installation.authorities();
    return new Answer.Lines(sink -> {
      for (var authority : authorities) {
        sink.line(authority);
      }
    });
  }

  Answer metrics(AuthenticatedOperator operator, Exchange exchange) {
    return Answer.text(200, installation.metrics());
  }

  /** The process answers. Nothing else is said to whom has no certificate. */
  Answer healthy(Exchange exchange) {
    return Answer.text(200, "ok\n");
  }

  /** Requests can be answered and stored. */
  Answer ready(Exchange exchange) {
    return installation.isReady() ? Answer.text(200, "ready\n") : Answer.text(503, "not ready\n");
  }
}
