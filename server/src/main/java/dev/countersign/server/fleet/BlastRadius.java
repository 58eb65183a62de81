// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.operators.Operator;
import dev.countersign.server.operators.Operators;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.secrets.SharedSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * For every kind of key of this installation, how many devices fall if it leaks: those that can be
 * impersonated, or that can be told anything. Counted in the registry, not assumed.
 */
public final class BlastRadius {
  private final Database database;
  private final Devices devices;
  private final CertificateLedger ledger;
  private final SharedSecrets secrets;
  private final Operators operators;
  private final LongSupplier relays;

  /**
   * @param relays how many accounts of relays there are
   */
  public BlastRadius(
      Database database,
      Devices devices,
      CertificateLedger ledger,
      SharedSecrets secrets,
      Operators operators,
      LongSupplier relays) {
    this.database = database;
    this.devices = devices;
    this.ledger = ledger;
    this.secrets = secrets;
    this.operators = operators;
    this.relays = relays;
  }

  /** Who has a key. */
  public enum Holder {
    OFFLINE,
    SERVER,
    OPERATOR,
    DEVICE,
    RELAY
  }

  /**
   * One kind of key.
   *
   * @param count how many keys of this kind there are
   * @param devices how many devices fall with one of them
   * @param remedy what to do if it leaked, in one line
   */
  public record Row(String key, Holder holder, long count, long devices, String remedy) {
    /** One that a device holds must open that device alone. */
    public boolean flagged() {
      return holder == Holder.DEVICE && devices > 1;
    }
  }

  /** All kinds, the most dangerous first where they stand together. */
  public List<Row> rows() {
    return database.read(this::rows);
  }

  private List<Row> rows(Transaction tx) {
    Map<DeviceStatus, Long> counts = devices.count(tx);
    long all =
        counts.values().stream().mapToLong(Long::longValue).sum()
            - counts.getOrDefault(DeviceStatus.REVOKED, 0L);
    long withSecret = secrets.countDevicesWithSecret(tx);
    long certified = ledger.countDevices(tx);
    var rows = new ArrayList<Row>();
    rows.add(
        new Row(
            "root key",
            Holder.OFFLINE,
            1,
            all,
            "keep it offline; if it leaked, devices need a new root by a channel they trust"));
    rows.add(
        new Row(
            "device CA key",
            Holder.SERVER,
            1,
            0,
            "forged certificates are in no ledger and open nothing; replace the CA nevertheless"));
    rows.add(
        new Row(
            "server CA key",
            Holder.SERVER,
            1,
            all,
            "it can pose as this server: replace the CA, and tell devices to distrust the old"));
    rows.add(
        new Row(
            "server key",
            Holder.SERVER,
            1,
            all,
            "delete keys/server.key and keys/server.pem and restart: a new one is made"));
    rows.add(
        new Row(
            "operator CA key",
            Holder.SERVER,
            1,
            0,
            "forged identities are in no ledger and open nothing; replace the CA nevertheless"));
    rows.add(
        new Row(
            "key-encryption key without the database",
            Holder.SERVER,
            1,
            0,
            "'countersign secrets rewrap' makes it worthless for later copies of the database"));
    rows.add(
        new Row(
            "database without the key-encryption key",
            Holder.SERVER,
            1,
            0,
            "nothing can be opened with it; look for how it got out"));
    rows.add(
        new Row(
            "key-encryption key with the database",
            Holder.SERVER,
            1,
            withSecret,
            "give these devices new secrets, or certificates: rewrapping does not help any more"));
    rows.add(
        new Row(
            "an operator's identity",
            Holder.OPERATOR,
            operators.list(tx).stream().map(Operator::removedAt).filter(o -> o.isEmpty()).count(),
            all,
            "'countersign operator remove NAME', then read the audit log"));
    rows.add(
        new Row(
            "a device's own key",
            Holder.DEVICE,
            certified,
            ledger.mostDevicesOfOneKey(tx),
            "'countersign device revoke SERIAL'; a key in several devices: revoke and enrol each"));
    rows.add(
        new Row(
            "a device's secret",
            Holder.DEVICE,
            withSecret,
            secrets.mostDevicesOfOneSecret(tx),
            "'countersign device revoke SERIAL', then add it anew with another secret"));
    rows.add(
        new Row(
            "a relay's account",
            Holder.RELAY,
            relays.getAsLong(),
            0,
            "a relay holds no key of a device: change the account's secret"));
    return List.copyOf(rows);
  }
}
