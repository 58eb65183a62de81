// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Devices;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Wraps all keys under a new key-encryption key, while the server goes on. It may end at any
 * moment: every key opens with one of the files that are there, and {@link #finish} does the rest.
 */
public final class Rewrap {
  /** What others wait for at most: some milliseconds of the one writer. */
  private static final int BATCH = 200;

  private final Database database;
  private final Devices devices;
  private final DeviceSecrets secrets;
  private final SharedSecrets shared;
  private final Runnable others;
  private final KeyEncryptionKeys keys;
  private final AuditLog audit;
  private final Clock clock;

  /** What it reads and writes. */
  public record Stores(
      Database database,
      Devices devices,
      DeviceSecrets secrets,
      SharedSecrets shared,
      AuditLog audit) {}

  /**
   * @param others wraps under the current key what else there is under another one; its failure
   *     keeps the old key
   */
  public Rewrap(Stores stores, Runnable others, KeyEncryptionKeys keys, Clock clock) {
    this.database = stores.database();
    this.devices = stores.devices();
    this.secrets = stores.secrets();
    this.shared = stores.shared();
    this.audit = stores.audit();
    this.others = others;
    this.keys = keys;
    this.clock = clock;
  }

  /** What was done: which key stood for which, and how many keys of devices it wraps now. */
  public record Done(KekId oldKey, KekId newKey, long count) {}

  /**
   * Makes a new key-encryption key, and wraps everything under it.
   *
   * @throws IOException if the files of the keys cannot be written; what was done so far holds
   */
  public synchronized Done replaceKey(String actor) throws IOException {
    finish(actor);
    keys.replace();
    return finish(actor).orElseThrow();
  }

  /**
   * Does the rest of what was begun, if anything was.
   *
   * @throws IOException if the old key's file cannot be removed
   */
  public synchronized Optional<Done> finish(String actor) throws IOException {
    Optional<KekId> old = keys.oldId();
    if (old.isEmpty()) {
      keys.forgetOld(); // a copy of the current one, if the process ended right after making it
      return Optional.empty();
    }
    long count = 0;
    int batch;
    do {
      batch = database.<Integer, RuntimeException>write(tx -> rewrapSome(tx, old.get()));
      count += batch;
    } while (batch > 0);
    others.run();
    var done = new Done(old.get(), keys.currentId(), count);
    // First the entry: without the file nothing tells that there is something left to do.
    database.write(tx ->
        audit.append(
            tx,
            clock.instant(),
            actor,
            new AuditEvent.SecretsRewrapped(
                done.oldKey().hex(), done.newKey().hex(), done.count())));
    keys.forgetOld();
    return Optional.of(done);
  }

  private int rewrapSome(Transaction tx, KekId old) {
    List<StoredSecret> some = secrets.wrappedUnder(tx, old, BATCH);
    for (StoredSecret secret : some) {
      Device device = devices.find(tx, secret.deviceId()).orElseThrow();
      try (DeviceKey key = keys.unwrap(secret.wrapped(), device.serial(), secret.generation())) {
        secrets.rewrap(
            tx,
            device.id(),
            secret.generation(),
            keys.wrap(key, device.serial(), secret.generation()));
      }
      shared.changed(tx, device.id());
    }
    return some.size();
  }
}
