// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the journal can tell. Types and the names of details are part of the format of an export:
 * they may be added, never renamed. No component is ever a secret.
 */
public sealed interface AuditEvent {
  record Initialized(String organization, Sha256 root) implements AuditEvent {}

  record DeviceAdded(DeviceSerial serial, Optional<String> model) implements AuditEvent {}

  record DevicesImported(long count) implements AuditEvent {}

  /** A device was given a key that it shares with this server. */
  record SecretGiven(DeviceSerial serial, String credential, String keyId) implements AuditEvent {}

  /** The shared keys of a device were erased: it has shown that it holds better ones. */
  record SecretRetired(DeviceSerial serial, String reason) implements AuditEvent {}

  /** All shared keys are wrapped under another key-encryption key. */
  record SecretsRewrapped(String oldKey, String newKey, long count) implements AuditEvent {}

  /** What devices sealed before may be missing here, so that they have to agree anew. */
  record ResyncRequired(Optional<DeviceSerial> serial, String reason, long count)
      implements AuditEvent {}

  record TokenIssued(DeviceSerial serial, Instant expiresAt) implements AuditEvent {}

  record TokenVoided(DeviceSerial serial, String reason) implements AuditEvent {}

  record DeviceEnrolled(DeviceSerial serial, Sha256 fingerprint) implements AuditEvent {}

  record CertificateRenewed(DeviceSerial serial, Sha256 fingerprint, boolean afterExpiry)
      implements AuditEvent {}

  /** Something that only an attacker or a broken device does. */
  record EnrolmentAlarm(DeviceSerial serial, String reason) implements AuditEvent {}

  record RetiredCertificateUsed(DeviceSerial serial, Sha256 fingerprint) implements AuditEvent {}

  record DeviceSuspended(DeviceSerial serial, String reason) implements AuditEvent {}

  record DeviceResumed(DeviceSerial serial, String reason) implements AuditEvent {}

  record DeviceRevoked(DeviceSerial serial, String reason) implements AuditEvent {}

  record DeviceRemoved(DeviceSerial serial) implements AuditEvent {}

  record SettingsChanged(DeviceSerial serial, long version, Sha256 sha256) implements AuditEvent {}

  record OperatorAdded(String name) implements AuditEvent {}

  record OperatorRemoved(String name) implements AuditEvent {}

  record ServerCertificateRenewed(Sha256 fingerprint, Instant notAfter) implements AuditEvent {}

  record RelayAdded(String name, String mode) implements AuditEvent {}

  record RelayFrozen(String name, String reason) implements AuditEvent {}

  record RelayUnfrozen(String name, String reason) implements AuditEvent {}

  /** What happened, in one word. */
  default String type() {
    return switch (this) {
      case Initialized _ -> "initialized";
      case DeviceAdded _ -> "device-added";
      case DevicesImported _ -> "devices-imported";
      case SecretGiven _ -> "secret-given";
      case SecretRetired _ -> "secret-retired";
      case SecretsRewrapped _ -> "secrets-rewrapped";
      case ResyncRequired _ -> "resync-required";
      case TokenIssued _ -> "token-issued";
      case TokenVoided _ -> "token-voided";
      case DeviceEnrolled _ -> "device-enrolled";
      case CertificateRenewed _ -> "certificate-renewed";
      case EnrolmentAlarm _ -> "enrolment-alarm";
      case RetiredCertificateUsed _ -> "retired-certificate-used";
      case DeviceSuspended _ -> "device-suspended";
      case DeviceResumed _ -> "device-resumed";
      case DeviceRevoked _ -> "device-revoked";
      case DeviceRemoved _ -> "device-removed";
      case SettingsChanged _ -> "settings-changed";
      case OperatorAdded _ -> "operator-added";
      case OperatorRemoved _ -> "operator-removed";
      case ServerCertificateRenewed _ -> "server-certificate-renewed";
      case RelayAdded _ -> "relay-added";
      case RelayFrozen _ -> "relay-frozen";
      case RelayUnfrozen _ -> "relay-unfrozen";
    };
  }

  /**
   * To whom or what: a serial, the name of an operator or a relay, or the part of the installation.
   */
  default String subject() {
    return switch (this) {
      case Initialized _ -> "installation";
      case DeviceAdded e -> e.serial().value();
      case DevicesImported _ -> "devices";
      case SecretGiven e -> e.serial().value();
      case SecretRetired e -> e.serial().value();
      case SecretsRewrapped _ -> "secrets";
      case ResyncRequired e -> e.serial().map(DeviceSerial::value).orElse("devices");
      case TokenIssued e -> e.serial().value();
      case TokenVoided e -> e.serial().value();
      case DeviceEnrolled e -> e.serial().value();
      case CertificateRenewed e -> e.serial().value();
      case EnrolmentAlarm e -> e.serial().value();
      case RetiredCertificateUsed e -> e.serial().value();
      case DeviceSuspended e -> e.serial().value();
      case DeviceResumed e -> e.serial().value();
      case DeviceRevoked e -> e.serial().value();
      case DeviceRemoved e -> e.serial().value();
      case SettingsChanged e -> e.serial().value();
      case OperatorAdded e -> e.name();
      case OperatorRemoved e -> e.name();
      case ServerCertificateRenewed _ -> "server";
      case RelayAdded e -> e.name();
      case RelayFrozen e -> e.name();
      case RelayUnfrozen e -> e.name();
    };
  }

  /** What else there is to know, by name. */
  default Map<String, String> details() {
    return switch (this) {
      case Initialized e -> Map.of("organization", e.organization(), "root", e.root().hex());
      case DeviceAdded e -> e.model().map(model -> Map.of("model", model)).orElse(Map.of());
      case DevicesImported e -> Map.of("count", Long.toString(e.count()));
      case SecretGiven e -> Map.of("credential", e.credential(), "keyId", e.keyId());
      case SecretRetired e -> Map.of("reason", e.reason());
      case ResyncRequired e -> Map.of("reason", e.reason(), "count", Long.toString(e.count()));
      case SecretsRewrapped e ->
          Map.of(
              "oldKey", e.oldKey(),
              "newKey", e.newKey(),
              "count", Long.toString(e.count()));
      case TokenIssued e -> Map.of("expiresAt", e.expiresAt().toString());
      case TokenVoided e -> Map.of("reason", e.reason());
      case DeviceEnrolled e -> Map.of("certificate", e.fingerprint().hex());
      case CertificateRenewed e ->
          Map.of(
              "certificate", e.fingerprint().hex(),
              "afterExpiry", Boolean.toString(e.afterExpiry()));
      case EnrolmentAlarm e -> Map.of("reason", e.reason());
      case RetiredCertificateUsed e -> Map.of("certificate", e.fingerprint().hex());
      case DeviceSuspended e -> Map.of("reason", e.reason());
      case DeviceResumed e -> Map.of("reason", e.reason());
      case DeviceRevoked e -> Map.of("reason", e.reason());
      case DeviceRemoved _, OperatorAdded _, OperatorRemoved _ -> Map.of();
      case SettingsChanged e ->
          Map.of("version", Long.toString(e.version()), "sha256", e.sha256().hex());
      case ServerCertificateRenewed e ->
          Map.of(
              "certificate", e.fingerprint().hex(),
              "notAfter", e.notAfter().toString());
      case RelayAdded e -> Map.of("mode", e.mode());
      case RelayFrozen e -> Map.of("reason", e.reason());
      case RelayUnfrozen e -> Map.of("reason", e.reason());
    };
  }
}
