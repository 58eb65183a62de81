// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.server.enrolment.Admission;
import dev.countersign.server.enrolment.Enrolment;
import dev.countersign.server.http.Handler;
import dev.countersign.server.http.Router;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.quota.DeviceQuotas;
import dev.countersign.server.quota.FailedAttempts;
import dev.countersign.server.relay.RelayGate;
import dev.countersign.server.relay.SealedExchanges;
import dev.countersign.server.relay.health.RelayHealth;
import dev.countersign.server.settings.DeviceSettings;
import dev.countersign.server.telemetry.Telemetry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;

/** The routes of the device API. */
public final class DeviceApi {
  /** How journal, metrics and provenance call this way in. */
  public static final String LISTENER = "device-https";

  static final String EST = "/.well-known/est";

  private DeviceApi() {}

  /**
   * The features behind the routes.
   *
   * @param maxWaiting devices that may wait for settings at once
   */
  public record Features(
      Admission admission,
      Enrolment enrolment,
      FailedAttempts attempts,
      Telemetry telemetry,
      DeviceSettings settings,
      int maxWaiting,
      Sealed sealed) {}

  /**
   * What is behind the routes for sealed messages.
   *
   * @param quotas of relays
   * @param failures to show a relay's secret
   */
  public record Sealed(
      SealedExchanges exchanges,
      RelayGate gate,
      RelayHealth health,
      DeviceQuotas quotas,
      FailedAttempts failures) {}

  /**
   * The device API as one handler.
   *
   * @param journal takes note of what is refused
   * @param trust what {@code cacerts} answers: the root first
   */
  public static Handler routes(
      DeviceGate gate,
      Features features,
      Journal journal,
      List<X509Certificate> trust,
      Clock clock,
      Executor virtualThreads) {
    var est = new EstHandlers(features, gate, trust);
    var readings = new ReadingsHandlers(features.telemetry(), clock);
    var settings =
        new SettingsHandlers(features.settings(), gate, features.maxWaiting(), virtualThreads);
    var sealed = new SealedHandlers(features.sealed().exchanges(), clock);
    var hooks = new HookHandler(features.sealed(), journal, clock);
    var routes =
        new Router()
            .on("POST", "/r", sealed.post())
            .on("GET", "/r", sealed.get())
            .on("POST", "/hook/{relay}", hooks)
            .on("GET", EST + "/cacerts", est::caCertificates)
            .on("GET", EST + "/csrattrs", est::csrAttributes)
            .on("POST", EST + "/simpleenroll", est::simpleEnrol)
            .on("POST", EST + "/simplereenroll", est::simpleReenrol)
            .on("POST", "/v1/readings", gate.only(readings::post, readings::postAtOnce))
            .on("GET", "/v1/readings", gate.only(readings::get))
            .on("GET", "/v1/settings", gate.only(settings::get, settings::getAtOnce))
            .on("PUT", "/v1/settings/applied", gate.only(settings::applied));
    return new JournalingHandler(routes, journal);
  }
}
