// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings in memory. */
public final class InMemorySettingsHistory implements SettingsHistory {
  private final Map<Long, List<SettingsVersion>> versions = new HashMap<>();
  private final Map<Long, AppliedSettings> receipts = new HashMap<>();

  @Override
  public Optional<SettingsVersion> current(Transaction tx, long deviceId) {
    return find(tx, deviceId, of(deviceId).size());
  }

  @Override
  public Optional<SettingsVersion> find(Transaction tx, long deviceId, long version) {
    return of(deviceId).stream().filter(kept -> kept.version() == version).findFirst();
  }

  @Override
  public List<SettingsVersion> list(Transaction tx, long deviceId, int limit) {
    return of(deviceId).reversed().stream().limit(limit).toList();
  }

  private List<SettingsVersion> of(long deviceId) {
    return versions.getOrDefault(deviceId, List.of());
  }

  @Override
  public void append(Transaction tx, long deviceId, SettingsVersion added) {
    var before = of(deviceId);
    long next = before.isEmpty() ? 1 : before.getLast().version() + 1;
    if (added.version() != next) {
      throw new IllegalStateException(
          "settings of device %d: expected version %d, got %d"
              .formatted(deviceId, next, added.version()));
    }
    var after = new ArrayList<>(before);
    after.add(
        new SettingsVersion(added.version(), added.settings(), kept(added.setAt()), added.setBy()));
    versions.put(
        deviceId,
        List.copyOf(after.subList(Math.max(0, after.size() - MAX_VERSIONS), after.size())));
    tx.onRollback(() -> versions.put(deviceId, before));
  }

  @Override
  public void applied(Transaction tx, long deviceId, AppliedSettings receipt) {
    setReceipt(
        tx, deviceId, new AppliedSettings(receipt.version(), receipt.sha256(), kept(receipt.at())));
  }

  @Override
  public Optional<AppliedSettings> applied(Transaction tx, long deviceId) {
    return Optional.ofNullable(receipts.get(deviceId));
  }

  /** What the database does when the device goes. */
  public void remove(Transaction tx, long deviceId) {
    var before = of(deviceId);
    versions.remove(deviceId);
    tx.onRollback(() -> versions.put(deviceId, before));
    setReceipt(tx, deviceId, null);
  }

  private void setReceipt(Transaction tx, long deviceId, @Nullable AppliedSettings receipt) {
    var before = receipts.get(deviceId);
    put(deviceId, receipt);
    tx.onRollback(() -> put(deviceId, before));
  }

  private void put(long deviceId, @Nullable AppliedSettings receipt) {
    if (receipt == null) {
      receipts.remove(deviceId);
    } else {
      receipts.put(deviceId, receipt);
    }
  }

  private static Instant kept(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }
}
