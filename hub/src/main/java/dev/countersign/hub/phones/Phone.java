// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * A phone on the list.
 *
 * @param certificate the hash of its certificate
 * @param key the hash of its key, by which it is found
 * @param name as its owner calls it, 1 to 64 printable characters; several may have the same
 * @param epoch of the hub when it was paired
 * @param addedBy the id of the phone that invited it; empty for one that was paired at the hub
 * @param lastSeen by the hub's time; empty if it was not seen while that was known
 * @param expires when a guest's access ends; empty for never
 */
public record Phone(
    Sha256 certificate,
    Sha256 key,
    String name,
    Role role,
    Status status,
    long epoch,
    Optional<String> addedBy,
    Optional<Instant> lastSeen,
    Optional<Instant> expires) {
  private static final int ID_CHARS = 16;

  /** How far its pairing is. */
  public enum Status {
    /** Has a certificate and may confirm it, nothing else. */
    PENDING,
    ACTIVE
  }

  /** What names it towards people and other phones: the first 16 hexadecimal digits of its key. */
  public String id() {
    return key.hex().substring(0, ID_CHARS);
  }

  /** The same phone, with its pairing complete. */
  public Phone activated() {
    return new Phone(
        certificate, key, name, role, Status.ACTIVE, epoch, addedBy, lastSeen, expires);
  }
}
