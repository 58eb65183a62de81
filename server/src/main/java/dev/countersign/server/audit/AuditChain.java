// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How the entries of the journal hang together, written out so that a third party can verify an
 * export with nothing but SHA-256:
 *
 * <pre>
 * hash = SHA-256(previous ‖ number:8 ‖ at:8 ‖ text(actor) ‖ text(type) ‖ text(subject)
 *                ‖ count:4 ‖ (text(name) ‖ text(value))*)
 * text = length:4 ‖ UTF-8 bytes
 * </pre>
 *
 * Numbers are big-endian; {@code at} is in milliseconds since 1970-01-01T00:00:00Z; details are
 * sorted by name; the length is in bytes. {@code previous} is the hash of the entry with the number
 * before, and 32 zero bytes for number 1.
 */
final class AuditChain {
  /** Before the first entry. */
  static final Sha256 ORIGIN = Sha256.wrap(new byte[Sha256.BYTES]);

  private long number;
  private Sha256 head = ORIGIN;

  /** The entry that follows this head. */
  static AuditEntry next(long lastNumber, Sha256 head, Instant at, String actor, AuditEvent event) {
    // What is hashed must be what can be read back, so the rounding comes first.
    var rounded = Instant.ofEpochMilli(at.toEpochMilli());
    var entry =
        new AuditEntry(
            lastNumber + 1,
            rounded,
            actor,
            event.type(),
            event.subject(),
            event.details(),
            head,
            ORIGIN);
    return withHash(entry, hash(entry));
  }

  private static AuditEntry withHash(AuditEntry entry, Sha256 hash) {
    return new AuditEntry(
        entry.number(),
        entry.at(),
        entry.actor(),
        entry.type(),
        entry.subject(),
        entry.details(),
        entry.previous(),
        hash);
  }

  /** The hash that belongs to this content; the hash in the entry does not matter. */
  static Sha256 hash(AuditEntry entry) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.write(entry.previous().bytes());
      out.writeLong(entry.number());
      out.writeLong(entry.at().toEpochMilli());
      writeText(out, entry.actor());
      writeText(out, entry.type());
      writeText(out, entry.subject());
      out.writeInt(entry.details().size());
      for (Map.Entry<String, String> detail : entry.details().entrySet()) {
        writeText(out, detail.getKey());
        writeText(out, detail.getValue());
      }
    } catch (IOException e) {
      throw new AssertionError("an array in memory takes every byte", e);
    }
    return Sha256.of(bytes.toByteArray());
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  /** The number that the next entry must have. */
  long expected() {
    return number + 1;
  }

  /** Takes the next entry, and says what is wrong with it. */
  Optional<String> follow(AuditEntry entry) {
    if (entry.number() != number + 1) {
      return Optional.of("missing: the next entry there is has number " + entry.number());
    }
    if (!entry.previous().equals(head)) {
      return Optional.of("does not follow the entry before it");
    }
    if (!entry.hash().equals(hash(entry))) {
      return Optional.of("was changed after it was written");
    }
    number = entry.number();
    head = entry.hash();
    return Optional.empty();
  }

  /** All entries were taken; whether they reach the head that was kept apart from them. */
  AuditVerification end(long lastNumber, Sha256 lastHash) {
    if (number < lastNumber) {
      return new AuditVerification.Broken(
          number + 1, "missing: the journal went on to number " + lastNumber);
    }
    if (number > lastNumber || !head.equals(lastHash)) {
      return new AuditVerification.Broken(
          number, "is not the head that was noted for number " + lastNumber);
    }
    return new AuditVerification.Intact(number, head);
  }
}
