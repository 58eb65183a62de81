// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.Path;
import dev.countersign.server.secrets.SharedSecrets;
import java.time.Clock;
import java.util.function.Predicate;

/**
 * The levels a device may come at (docs/protocol.md, Levels). Its minimum on each path only rises:
 * who has stolen a weaker credential of a device gains nothing once the device has used a better
 * one. With a certificate in use, the secret it shares with this server is erased, since nobody
 * needs it any more and somebody may have it.
 *
 * <p>Thread-safe.
 */
public final class Ladder {
  private final Database database;
  private final Devices devices;
  private final SharedSecrets secrets;
  private final CredentialCache cache;
  private final AuditLog audit;
  private final Predicate<Device> needsRelay;
  private final Clock clock;

  /**
   * @param needsRelay whether a device goes on to send through a relay when it has a certificate,
   *     so that it has to keep its secret
   */
  public Ladder(
      Database database,
      Devices devices,
      SharedSecrets secrets,
      CredentialCache cache,
      AuditLog audit,
      Predicate<Device> needsRelay,
      Clock clock) {
    this.database = database;
    this.devices = devices;
    this.secrets = secrets;
    this.cache = cache;
    this.audit = audit;
    this.needsRelay = needsRelay;
    this.clock = clock;
  }

  /**
   * Decides whether a device may come this way at this level. To be asked once its key has proved
   * itself, so that nobody else learns the level of a device.
   *
   * @throws CredentialRefusedException with {@link Reason#LEVEL_TOO_LOW}
   */
  public void judge(Device device, Path path, int level) throws CredentialRefusedException {
    if (level < device.minimumLevel(path)) {
      throw new CredentialRefusedException(
          Reason.LEVEL_TOO_LOW,
          "%s came at level %d, expected %d"
              .formatted(device.serial(), level, device.minimumLevel(path)));
    }
  }

  /** Whether {@link #reached} has nothing to write, and {@link #judge} lets the device pass. */
  boolean isReached(Device device, Path path, int level) {
    return level == device.minimumLevel(path) && level <= device.level();
  }

  /** Notes that a device authenticated at this level. Writes only if that is new. */
  public void reached(Device device, Path path, int level) {
    if (level > device.minimumLevel(path) || level > device.level()) {
      database.write(tx -> {
        reached(tx, device, path, level);
        return true;
      });
    }
  }

  /** The same within the transaction of something else. */
  void reached(Transaction tx, Device device, Path path, int level) {
    devices.raiseLevel(tx, device.id(), path, level);
    if (level == Level.MUTUAL_TLS
        && !needsRelay.test(device)
        && secrets.retire(tx, device.id()) > 0) {
      audit.append(
          tx,
          clock.instant(),
          "device:" + device.serial(),
          new AuditEvent.SecretRetired(device.serial(), "it uses a certificate"));
    }
    cache.changed(tx, device.id());
  }
}
