// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.MutableClock;
import dev.countersign.server.audit.JdbcAuditLog;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.registry.JdbcDevices;
import dev.countersign.server.registry.NewDevice;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Shared keys, from the registry and the files of the key-encryption keys")
class SharedSecretsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");
  private static final int DEVICES = 450; // two batches and a part of one

  private final SecureRandom random = new SecureRandom();
  private final JdbcDevices devices = new JdbcDevices();
  private final JdbcDeviceSecrets store = new JdbcDeviceSecrets();
  private final JdbcAuditLog audit = new JdbcAuditLog();
  private final List<DeviceKey> keysOfDevices = new ArrayList<>();
  @TempDir private Path path;
  private DataDirectory directory;
  private Runnable others = () -> {};
  private Database database;

  @BeforeEach
  void open() throws IOException {
    directory = new DataDirectory(path);
    Files.createDirectory(directory.keys());
    writeKek(directory.keyEncryptionKey());
    database = SqliteDatabase.open(directory.registry());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void writeKek(Path file) throws IOException {
    var key = new byte[KeyEncryptionKey.BYTES];
    random.nextBytes(key);
    Files.write(file, key);
  }

  private KeyEncryptionKeys load() throws IOException {
    return KeyEncryptionKeys.load(directory, random);
  }

  private SharedSecrets open(KeyEncryptionKeys keys) throws IOException {
    return SharedSecrets.open(database, devices, store, keys, 1000, random);
  }

  private Rewrap rewrap(KeyEncryptionKeys keys, DeviceSecrets secrets) throws IOException {
    return new Rewrap(
        new Rewrap.Stores(database, devices, secrets, open(keys), audit),
        others,
        keys,
        new MutableClock(NOW));
  }

  private static DeviceSerial serial(int n) {
    return new DeviceSerial("SN-" + n);
  }

  private void addDevices(SharedSecrets secrets, int count) {
    for (int n = 0; n < count; n++) {
      addDevice(secrets, n);
    }
  }

  private void addDevice(SharedSecrets secrets, int n) {
    var bytes = new byte[DeviceKey.BYTES];
    random.nextBytes(bytes);
    DeviceKey key = DeviceKey.wrap(bytes);
    keysOfDevices.add(key);
    database.<Boolean, RuntimeException>write(tx -> {
      var device =
          devices.add(tx, new NewDevice(serial(n), Optional.empty(), true), NOW).orElseThrow();
      var how = new SharedSecrets.NewSecret(SecretKind.SEALED, SealedAlgorithm.CCM, false, false);
      secrets.add(tx, device, 1, key, how, NOW);
      return true;
    });
  }

  private void assertAllOpen(SharedSecrets secrets) {
    for (int n = 0; n < keysOfDevices.size(); n++) {
      var holder = secrets.byKeyId(KeyId.of(serial(n), 1)).getFirst();
      assertThat(holder.device().serial()).isEqualTo(serial(n));
      try (DeviceKey key = holder.open()) {
        assertThat(key).isEqualTo(keysOfDevices.get(n));
      }
    }
  }

  @Test
  @DisplayName("a key is found by its id and by the serial, and opens anew each time")
  void finds() throws IOException {
    SharedSecrets secrets = open(load());
    addDevices(secrets, 2);
    assertAllOpen(secrets);
    assertAllOpen(open(load()));
    assertThat(secrets.current(serial(1)).orElseThrow().keyId()).isEqualTo(KeyId.of(serial(1), 1));
    assertThat(secrets.current(serial(9))).isEmpty();
    assertThat(secrets.byKeyId(KeyId.of(serial(9), 1))).isEmpty();
    DeviceKey closed = secrets.current(serial(1)).orElseThrow().open();
    closed.close();
    assertAllOpen(secrets);
  }

  @Test
  @DisplayName("a removed or retired key is not found from the commit on")
  void follows_changes() throws IOException {
    SharedSecrets secrets = open(load());
    addDevices(secrets, 1);
    long id = secrets.current(serial(0)).orElseThrow().device().id();
    database.write(tx -> secrets.retire(tx, id));
    assertThat(secrets.byKeyId(KeyId.of(serial(0), 1))).isEmpty();
    assertThat(secrets.current(serial(0))).isEmpty();
  }

  @Test
  @DisplayName("nobody has a key that opens, is revoked, and is no device of the registry")
  void nobody() throws IOException {
    SharedSecrets secrets = open(load());
    try (DeviceKey first = secrets.nobody().open();
        DeviceKey again = secrets.nobody().open();
        DeviceKey other = open(load()).nobody().open()) {
      assertThat(first).isEqualTo(again).isNotEqualTo(other);
    }
  }

  @Test
  @DisplayName("with the database and another key-encryption key, nothing starts [A7]")
  void refuses_without_key() throws IOException {
    addDevices(open(load()), 3);
    String before = load().currentId().hex();
    writeKek(directory.keyEncryptionKey());
    KeyEncryptionKeys other = load();
    assertThatThrownBy(() -> open(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("3 secrets")
        .hasMessageContaining(before)
        .hasMessageContaining("kek.old.key");
    Files.delete(directory.keyEncryptionKey());
    assertThatThrownBy(this::load).hasMessageContaining("expected 32 bytes");
  }

  @Test
  @DisplayName("rewrapping makes a new key, and leaves nothing under the old one")
  void rewraps() throws IOException {
    KeyEncryptionKeys keys = load();
    addDevices(open(keys), DEVICES);
    KekId old = keys.currentId();
    Rewrap.Done done = rewrap(keys, store).replaceKey("olga");
    assertThat(done.count()).isEqualTo(DEVICES);
    assertThat(done.oldKey()).isEqualTo(old);
    assertThat(database.read(store::countByKek).keySet()).containsExactly(done.newKey());
    assertThat(directory.oldKeyEncryptionKey()).doesNotExist();
    assertAllOpen(open(load()));
  }

  @Test
  @DisplayName("whenever a rewrapping ends, every key opens with a file that is there")
  void survives_kills() throws IOException {
    addDevices(open(load()), DEVICES);
    for (int batches = 0; batches < 4; batches++) {
      KeyEncryptionKeys keys = load();
      DeviceSecrets dying = dyingAfter(batches);
      assertThatThrownBy(() -> rewrap(keys, dying).replaceKey("olga")).isInstanceOf(Killed.class);
      assertThat(directory.oldKeyEncryptionKey()).exists();
      KeyEncryptionKeys afterwards = load();
      assertAllOpen(open(afterwards));
      assertThat(rewrap(afterwards, store).finish("server")).isPresent();
      assertThat(directory.oldKeyEncryptionKey()).doesNotExist();
      assertAllOpen(open(load()));
    }
  }

  @Test
  @DisplayName("the old key stays until everything else that it wraps is wrapped anew too")
  void waits_for_others() throws IOException {
    addDevices(open(load()), 1);
    others =
        () -> {
          throw new Killed();
        };
    KeyEncryptionKeys keys = load();
    assertThatThrownBy(() -> rewrap(keys, store).replaceKey("olga")).isInstanceOf(Killed.class);
    assertThat(directory.oldKeyEncryptionKey()).exists();
    others = () -> assertThat(directory.oldKeyEncryptionKey()).exists();
    assertThat(rewrap(load(), store).finish("server")).isPresent();
    assertThat(directory.oldKeyEncryptionKey()).doesNotExist();
  }

  @Test
  @DisplayName("so it does between the copy of the old key and the new one")
  void survives_early_kill() throws IOException {
    addDevices(open(load()), 1);
    Files.copy(directory.keyEncryptionKey(), directory.oldKeyEncryptionKey());
    KeyEncryptionKeys keys = load();
    assertThat(keys.oldId()).isEmpty();
    assertAllOpen(open(keys));
    assertThat(rewrap(keys, store).finish("server")).isEmpty();
    assertThat(directory.oldKeyEncryptionKey()).doesNotExist();
  }

  /** The store of a process that ends when it has rewrapped so many batches. */
  private DeviceSecrets dyingAfter(int batches) {
    var left = new AtomicInteger(batches);
    return (DeviceSecrets)
        Proxy.newProxyInstance(
            DeviceSecrets.class.getClassLoader(),
            new Class<?>[] {DeviceSecrets.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("wrappedUnder") && left.getAndDecrement() == 0) {
                throw new Killed();
              }
              return method.invoke(store, arguments);
            });
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
