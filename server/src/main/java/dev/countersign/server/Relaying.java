// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.database.Database;
import dev.countersign.server.gateway.http.DeviceApi;
import dev.countersign.server.quota.DeviceQuotas;
import dev.countersign.server.quota.FailedAttempts;
import dev.countersign.server.relay.JdbcRelays;
import dev.countersign.server.relay.RelayAccounts;
import dev.countersign.server.relay.RelayGate;
import dev.countersign.server.relay.RelayWrapping;
import dev.countersign.server.relay.SealedExchanges;
import dev.countersign.server.relay.health.JdbcRelayFindings;
import dev.countersign.server.relay.health.RelayHealth;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** What carries sealed messages, opened together. */
record Relaying(RelayAccounts accounts, RelayHealth health, RelayGate gate) {
  /** Deliveries between two flushes, a second apart. */
  private static final int MAX_QUEUED = 20_000;

  /** Relays are told apart by their accounts; how much they send in a day limits nobody. */
  private static final long BYTES_PER_DAY = 1L << 46;

  static Relaying open(
      Database database,
      AuditLog audit,
      RelayWrapping wrapping,
      Limits limits,
      Clock clock,
      SecureRandom random) {
    var relays = new JdbcRelays();
    var accounts = new RelayAccounts(database, relays, audit, wrapping, clock, random);
    accounts.rewrap();
    var health =
        new RelayHealth(
            new RelayHealth.Stores(database, relays, new JdbcRelayFindings()),
            accounts,
            clock,
            MAX_QUEUED,
            limits.maxCachedDevices());
    var gate =
        new RelayGate(
            accounts,
            wrapping,
            random,
            limits.relays().maxRememberedDeliveries(),
            clock,
            System::nanoTime);
    return new Relaying(accounts, health, gate);
  }

  /** What the device API needs of it. */
  DeviceApi.Sealed sealed(SealedExchanges exchanges, Limits.Relays limits) {
    return new DeviceApi.Sealed(
        exchanges,
        gate,
        health,
        new DeviceQuotas(
            limits.deliveriesPerMinute(),
            limits.burst(),
            BYTES_PER_DAY,
            RelayAccounts.MAX_RELAYS,
            System::nanoTime),
        new FailedAttempts(
            limits.maxFailuresPerAddress(),
            Duration.ofSeconds(limits.windowSeconds()),
            System::nanoTime));
  }
}
