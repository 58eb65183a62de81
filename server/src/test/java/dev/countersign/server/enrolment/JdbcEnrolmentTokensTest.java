// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.JdbcDevices;
import dev.countersign.server.registry.NewDevice;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class JdbcEnrolmentTokensTest extends EnrolmentTokensContract {
  private final JdbcDevices devices = new JdbcDevices();
  @TempDir private Path directory;

  @Override
  Database database() {
    return SqliteDatabase.open(directory.resolve("registry.db"));
  }

  @Override
  EnrolmentTokens tokens() {
    return new JdbcEnrolmentTokens();
  }

  @Override
  long addDevice(Transaction tx) {
    var device = new NewDevice(new DeviceSerial("SN-1"), Optional.empty(), true);
    return devices.add(tx, device, Instant.EPOCH).orElseThrow().id();
  }

  @Override
  void removeDevice(Transaction tx, long id) {
    devices.remove(tx, id);
  }

  @Override
  long addCertificate(Transaction tx) {
    SqlTransaction.of(tx)
        .query(
            """
            INSERT INTO certificate (id, kind, subject, issuer, fingerprint, key_hash,
              serial_number, not_before, not_after, issued_at, state, der)
            VALUES (1, 'device', 'SN-1', 'device-ca', zeroblob(32), zeroblob(32), '1', 0, 0, 0,
              'issued', zeroblob(1))\
            """)
        .execute();
    return 1;
  }
}
