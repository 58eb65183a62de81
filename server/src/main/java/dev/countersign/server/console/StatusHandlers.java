// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.server.attention.Attention;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.fleet.DeviceDirectory;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.ledger.CertificateSearch;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the installation is: for people, for probes, for Prometheus. */
final class StatusHandlers {
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
    view.put("disk", installation.disk());
    view.put("readings", installation.readings());
    List<Attention> attention = installation.attention();
    view.put("attention", attention.stream().map(Attention::line).toList());
    view.put("attentionItems", attention.stream().map(StatusHandlers::view).toList());
    return Answer.json(200, view);
  }

  private static Map<String, Object> view(Attention attention) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("code", attention.code());
    view.put("what", attention.text());
    view.put("advice", attention.advice());
    return view;
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
