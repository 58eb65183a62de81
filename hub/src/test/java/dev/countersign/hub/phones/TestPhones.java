// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** Phones for a list, with keys that nobody has. */
final class TestPhones {
  static final SecureRandom RANDOM = new SecureRandom();
  static final HubId HUB = HubId.random(RANDOM);
  static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");

  private TestPhones() {}

  static Phone phone(String name, Role role) {
    return new Phone(
        hash(),
        hash(),
        name,
        role,
        Phone.Status.ACTIVE,
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Sha256 hash() {
    var bytes = new byte[Sha256.BYTES];
    RANDOM.nextBytes(bytes);
    return Sha256.wrap(bytes);
  }

  static Phones open(Path file) throws IOException {
    return Phones.open(file, HUB, BEGIN, RANDOM);
  }

  /** From now on nothing can be written there. */
  static void breakDisk(Path file) throws IOException {
    Files.createDirectories(draft(file).resolve("in the way"));
  }

  static void repairDisk(Path file) throws IOException {
    Files.delete(draft(file).resolve("in the way"));
  }

  private static Path draft(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }
}
