// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.server.audit.AuditEntry;
import dev.countersign.server.enrolment.TokenRecord;
import dev.countersign.server.fleet.DeviceDirectory;
import dev.countersign.server.fleet.SecretGrant;
import dev.countersign.server.fleet.TokenGrant;
import dev.countersign.server.journal.Attempt;
import dev.countersign.server.journal.Attribution;
import dev.countersign.server.journal.JournalEntry;
import dev.countersign.server.journal.Reason;
import dev.countersign.server.ledger.IssuedCertificate;
import dev.countersign.server.operators.Operator;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Path;
import dev.countersign.server.secrets.SecretKind;
import dev.countersign.server.secrets.StoredSecret;
import dev.countersign.server.settings.DeviceSettings;
import dev.countersign.server.settings.SettingsVersion;
import dev.countersign.server.telemetry.StoredReading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the operator API shows things: field by field, in a stable order, none ever renamed. */
final class Views {
  private Views() {}

  static Map<String, @Nullable Object> device(Device device) {
    var view = new LinkedHashMap<String, @Nullable Object>();
    view.put("serial", device.serial().value());
    view.put("model", device.model().orElse(null));
    view.put("status", device.status().wireName());
    view.put("level", device.level());
    view.put("minimumLevel", device.minimumLevel());
    view.put("minimumDirectLevel", device.minimumLevel(Path.DIRECT));
    view.put("minimumRelayLevel", device.minimumLevel(Path.RELAY));
    view.put("lastSeen", device.lastSeen().map(Instant::toString).orElse(null));
    view.put("clock", device.hasClock());
    view.put("addedAt", device.addedAt().toString());
    return view;
  }

  static Map<String, @Nullable Object> device(DeviceDirectory.Entry entry, Instant now) {
    Map<String, @Nullable Object> view = device(entry.device());
    var credentials = new ArrayList<Map<String, Object>>();
    for (IssuedCertificate certificate : entry.certificates()) {
      var credential = new LinkedHashMap<String, Object>();
      credential.put("kind", "certificate");
      credential.put("certificateId", certificate.id());
      credential.put("sha256", certificate.fingerprint().hex());
      credential.put("keySha256", certificate.keyHash().hex());
      credential.put("notAfter", certificate.notAfter().toString());
      credential.put("state", certificate.state().wireName());
      credentials.add(credential);
    }
    entry
        .token()
        .ifPresent(token ->
            credentials.add(
                Map.of(
                    "kind",
                    "token",
                    "expiresAt",
                    token.expiresAt().toString(),
                    "state",
                    state(token, now))));
    for (StoredSecret secret : entry.secrets()) {
      credentials.add(secret(secret));
    }
    view.put("credentials", credentials);
    return view;
  }

  private static Map<String, Object> secret(StoredSecret secret) {
    var view = new LinkedHashMap<String, Object>();
    view.put("kind", secret.kind().wireName());
    view.put("keyId", secret.keyId().hex());
    view.put("generation", secret.generation());
    view.put("algorithm", secret.algorithm().wireName());
    view.put("createdAt", secret.createdAt().toString());
    view.put("exposed", secret.exposed());
    view.put("unhealed", secret.unhealed());
    return view;
  }

  private static String state(TokenRecord token, Instant now) {
    if (token.usedAt().isPresent()) {
      return "used";
    }
    return token.voided() ? "void" : now.isAfter(token.expiresAt()) ? "expired" : "open";
  }

  static Map<String, Object> grant(TokenGrant grant) {
    var view = new LinkedHashMap<String, Object>();
    view.put("serial", grant.serial().value());
    view.put("credential", "certificate");
    view.put("enrolmentToken", grant.token().text(SecretAccess.insecure()));
    view.put("rootSha256", grant.token().rootFingerprint().hex());
    view.put("expiresAt", grant.expiresAt().toString());
    return view;
  }

  static Map<String, Object> grant(SecretGrant grant) {
    var view = new LinkedHashMap<String, Object>();
    view.put("serial", grant.serial().value());
    view.put("credential", grant.kind().wireName());
    view.put("keyId", grant.keyId().hex());
    view.put("algorithm", grant.algorithm().wireName());
    if (grant.kind() == SecretKind.PSK) {
      view.put("identity", "cs1." + grant.keyId().hex());
      view.put("tls13KeyHex", Hexadecimal.encode(grant.tls13Key(SecretAccess.insecure())));
      view.put("tls12KeyHex", Hexadecimal.encode(grant.tls12Key(SecretAccess.insecure())));
    }
    grant.made().ifPresent(secret -> view.put("secret", secret.text(SecretAccess.insecure())));
    return view;
  }

  static Map<String, @Nullable Object> settings(DeviceSettings.Status status) {
    var view = new LinkedHashMap<String, @Nullable Object>();
    view.put("version", status.desired().version());
    view.put("settings", values(status.desired().settings()));
    view.put("sha256", status.desired().settings().sha256().hex());
    view.put(
        "applied",
        status
            .applied()
            .map(applied ->
                Map.of(
                    "version", applied.version(),
                    "sha256", applied.sha256().hex(),
                    "at", applied.at().toString()))
            .orElse(null));
    return view;
  }

  static Map<String, Object> settingsVersion(SettingsVersion version) {
    var view = new LinkedHashMap<String, Object>();
    view.put("version", version.version());
    view.put("settings", values(version.settings()));
    view.put("setAt", version.setAt().toString());
    view.put("setBy", version.setBy());
    return view;
  }

  private static Map<String, Object> values(Settings settings) {
    var view = new LinkedHashMap<String, Object>();
    settings.values().forEach((name, value) -> view.put(name, value.json()));
    return view;
  }

  static Map<String, @Nullable Object> reading(StoredReading stored) {
    var view = new LinkedHashMap<String, @Nullable Object>();
    view.put("at", stored.reading().at().map(Instant::toString).orElse(null));
    view.put("name", stored.reading().name());
    view.put("value", stored.reading().value().json());
    view.put("arrivedAt", stored.provenance().arrivedAt().toString());
    view.put("level", stored.provenance().level());
    view.put("listener", stored.provenance().listener());
    view.put("keyId", stored.provenance().keyId());
    var sequence = stored.provenance().sequence();
    view.put("sequence", sequence.isPresent() ? sequence.getAsLong() : null);
    return view;
  }

  static Map<String, @Nullable Object> certificate(IssuedCertificate certificate) {
    var view = new LinkedHashMap<String, @Nullable Object>();
    view.put("id", certificate.id());
    view.put("kind", certificate.kind().wireName());
    view.put("subject", certificate.subject());
    view.put("issuer", certificate.issuer());
    view.put("sha256", certificate.fingerprint().hex());
    view.put("keySha256", certificate.keyHash().hex());
    view.put("serialNumber", certificate.serialNumber());
    view.put("notBefore", certificate.notBefore().toString());
    view.put("notAfter", certificate.notAfter().toString());
    view.put("issuedAt", certificate.issuedAt().toString());
    view.put("state", certificate.state().wireName());
    view.put("revokedAt", certificate.revokedAt().map(Instant::toString).orElse(null));
    view.put("revocationReason", certificate.revocationReason().orElse(null));
    return view;
  }

  static Map<String, Object> audit(AuditEntry entry) {
    var view = new LinkedHashMap<String, Object>();
    view.put("number", entry.number());
    view.put("at", entry.at().toString());
    view.put("actor", entry.actor());
    view.put("type", entry.type());
    view.put("subject", entry.subject());
    view.put("details", entry.details());
    view.put("previous", entry.previous().hex());
    view.put("hash", entry.hash().hex());
    return view;
  }

  static Map<String, @Nullable Object> journal(JournalEntry entry) {
    var view = new LinkedHashMap<String, @Nullable Object>();
    Attempt attempt = entry.attempt();
    Reason reason = attempt.reason();
    view.put("at", entry.lastAt().toString());
    view.put("firstAt", entry.firstAt().toString());
    view.put("count", entry.count());
    view.put("listener", attempt.listener());
    view.put("address", attempt.address());
    view.put("step", reason.step().wireName());
    view.put("outcome", "refused");
    view.put("reason", reason.wireName());
    view.put("meaning", reason.meaning());
    view.put("detail", attempt.detail());
    view.put("serial", attempt.claim().serial().map(DeviceSerial::value).orElse(null));
    view.put("claimed", entry.attribution() != Attribution.PROVEN);
    view.put("certificateSha256", attempt.claim().certificate().map(Sha256::hex).orElse(null));
    view.put("advice", entry.advice());
    return view;
  }

  static Map<String, @Nullable Object> operator(Operator operator) {
    var view = new LinkedHashMap<String, @Nullable Object>();
    view.put("name", operator.name());
    view.put("addedAt", operator.addedAt().toString());
    view.put("addedBy", operator.addedBy());
    view.put("removedAt", operator.removedAt().map(Instant::toString).orElse(null));
    return view;
  }
}
