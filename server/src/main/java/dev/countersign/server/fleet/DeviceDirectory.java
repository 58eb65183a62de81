// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Database;
import dev.countersign.server.enrolment.EnrolmentTokens;
import dev.countersign.server.enrolment.TokenRecord;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.ledger.CertificateQuery;
import dev.countersign.server.ledger.IssuedCertificate;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.secrets.SharedSecrets;
import dev.countersign.server.secrets.StoredSecret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks devices up, for people. */
public final class DeviceDirectory {
  private static final int MAX_CERTIFICATES_SHOWN = 100;

  private final Database database;
  private final Devices devices;
  private final EnrolmentTokens tokens;
  private final CertificateLedger ledger;
  private final SharedSecrets secrets;

  public DeviceDirectory(
      Database database,
      Devices devices,
      EnrolmentTokens tokens,
      CertificateLedger ledger,
      SharedSecrets secrets) {
    this.database = database;
    this.devices = devices;
    this.tokens = tokens;
    this.ledger = ledger;
    this.secrets = secrets;
  }

  /** A device with everything it can prove itself with. */
  public record Entry(
      Device device,
      List<IssuedCertificate> certificates,
      Optional<TokenRecord> token,
      List<StoredSecret> secrets) {}

  public Optional<Entry> show(DeviceSerial serial) {
    var query =
        new CertificateQuery(
            Optional.of(CertificateKind.DEVICE),
            Optional.of(serial.value()),
            Optional.empty(),
            Optional.empty(),
            0,
            MAX_CERTIFICATES_SHOWN);
    return database.read(tx ->
        devices
            .find(tx, serial)
            .map(device ->
                new Entry(
                    device,
                    ledger.search(tx, query),
                    tokens.find(tx, device.id()),
                    secrets.ofDevice(tx, device.id()))));
  }

  /** Devices in the order of their serials. */
  public List<Device> list(Optional<DeviceStatus> status, Optional<DeviceSerial> after, int limit) {
    return database.read(tx -> devices.list(tx, status, after, limit));
  }

  /** How many active devices were neither seen nor added since. */
  public long countSilentSince(Instant since) {
    return database.read(tx -> devices.countSilent(tx, since));
  }

  public Map<DeviceStatus, Long> count() {
    return database.read(devices::count);
  }
}
