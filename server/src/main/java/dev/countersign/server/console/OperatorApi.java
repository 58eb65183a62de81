// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.server.audit.AuditTrail;
import dev.countersign.server.credentials.ChainJudge;
import dev.countersign.server.credentials.OperatorAuthenticator;
import dev.countersign.server.fleet.BlastRadius;
import dev.countersign.server.fleet.DeviceDirectory;
import dev.countersign.server.fleet.DeviceLifecycle;
import dev.countersign.server.fleet.Provisioning;
import dev.countersign.server.http.Handler;
import dev.countersign.server.http.Router;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.ledger.CertificateSearch;
import dev.countersign.server.operators.OperatorAccounts;
import dev.countersign.server.relay.RelayAccounts;
import dev.countersign.server.relay.exchange.Resync;
import dev.countersign.server.relay.health.RelayHealth;
import dev.countersign.server.secrets.Rewrap;
import dev.countersign.server.settings.DeviceSettings;
import dev.countersign.server.telemetry.Telemetry;
import java.security.cert.X509Certificate;
import java.time.Clock;

/** The routes of the operator API. Everything but the probes is for operators. */
public final class OperatorApi {
  /** How the journal and the metrics call this way in. */
  public static final String LISTENER = "operator-https";

  private OperatorApi() {}

  /** The services behind the routes. */
  public record Services(
      Provisioning provisioning,
      DeviceLifecycle lifecycle,
      DeviceDirectory directory,
      DeviceSettings settings,
      Telemetry telemetry,
      CertificateSearch certificates,
      AuditTrail audit,
      Journal journal,
      OperatorAccounts operators,
      RelayAccounts relays,
      RelayHealth relayHealth,
      Rewrap rewrap,
      BlastRadius blastRadius,
      Resync resync) {}

  /**
   * The operator API as one handler.
   *
   * @param authority the operators' CA, for new operators' identity files
   */
  public static Handler routes(
      ChainJudge judge,
      OperatorAuthenticator authenticator,
      Services services,
      InstallationView installation,
      X509Certificate authority,
      Clock clock) {
    var gate = new OperatorGate(judge, authenticator, services.journal());
    var devices =
        new DeviceHandlers(
            services.provisioning(), services.lifecycle(), services.directory(), clock);
    var settings = new SettingsHandlers(services.settings());
    var records =
        new RecordHandlers(services.telemetry(), services.certificates(), services.audit(), clock);
    var journal = new JournalHandlers(services.journal());
    var operators = new OperatorHandlers(services.operators(), authority);
    var relays = new RelayHandlers(services.relays(), services.relayHealth(), clock);
    var secrets = new SecretHandlers(services.rewrap(), services.blastRadius(), services.resync());
    var status =
        new StatusHandlers(installation, services.directory(), services.certificates(), clock);
    String device = "/v1/devices/{serial}";
    String relay = "/v1/relays/{name}";
    return new Router()
        .unknownPathsBehind(handler -> gate.only((operator, exchange) -> handler.handle(exchange)))
        .on("GET", "/healthz", status::healthy)
        .on("GET", "/readyz", status::ready)
        .on("GET", "/metrics", gate.only(status::metrics))
        .on("GET", "/v1/status", gate.only(status::status))
        .on("GET", "/v1/authorities", gate.only(status::authorities))
        .on("POST", "/v1/devices", gate.only(devices::add))
        .on("GET", "/v1/devices", gate.only(devices::list))
        .on("POST", "/v1/devices/import", gate.only(devices::importCsv))
        .on("GET", device, gate.only(devices::show))
        .on("DELETE", device, gate.only(devices::remove))
        .on("POST", device + "/token", gate.only(devices::token))
        .on("POST", device + "/suspend", gate.only(devices::suspend))
        .on("POST", device + "/resume", gate.only(devices::resume))
        .on("POST", device + "/revoke", gate.only(devices::revoke))
        .on("PATCH", device + "/settings", gate.only(settings::patch))
        .on("GET", device + "/settings", gate.only(settings::get))
        .on("GET", device + "/settings/history", gate.only(settings::history))
        .on("GET", device + "/readings", gate.only(records::readings))
        .on("GET", device + "/journal", gate.only(journal::ofDevice))
        .on("GET", "/v1/journal", gate.only(journal::unattributed))
        .on("POST", "/v1/secrets/rewrap", gate.only(secrets::rewrap))
        .on("POST", "/v1/resync", gate.only(secrets::resync))
        .on("GET", "/v1/blast-radius", gate.only(secrets::blastRadius))
        .on("GET", "/v1/certificates", gate.only(records::certificates))
        .on("GET", "/v1/certificates/{id}", gate.only(records::certificate))
        .on("GET", "/v1/audit", gate.only(records::audit))
        .on("GET", "/v1/audit/verification", gate.only(records::auditVerification))
        .on("POST", "/v1/relays", gate.only(relays::add))
        .on("GET", "/v1/relays", gate.only(relays::list))
        .on("GET", relay + "/health", gate.only(relays::health))
        .on("GET", relay + "/devices", gate.only(relays::devices))
        .on("POST", relay + "/freeze", gate.only(relays::freeze))
        .on("POST", relay + "/unfreeze", gate.only(relays::unfreeze))
        .on("POST", "/v1/operators", gate.only(operators::add))
        .on("GET", "/v1/operators", gate.only(operators::list))
        .on("DELETE", "/v1/operators/{name}", gate.only(operators::remove));
  }
}
