// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.NewDevice;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link DeviceSecrets} does. */
abstract class DeviceSecretsContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00.5Z");
  private static final KekId KEK = new KekId("00112233445566aa");
  private static final KekId OTHER_KEK = new KekId("00112233445566bb");

  private Database database;
  private DeviceSecrets secrets;
  private long device;
  private long other;

  abstract Database database();

  abstract Devices devices();

  abstract DeviceSecrets secrets();

  /** Removes it with all that hangs on it. */
  abstract void removeDevice(Transaction tx, long id);

  private static DeviceSerial serial(int n) {
    return new DeviceSerial("SN-" + n);
  }

  @BeforeEach
  void open() {
    database = database();
    secrets = secrets();
    device = addDevice(1);
    other = addDevice(2);
  }

  private long addDevice(int n) {
    var fresh = new NewDevice(serial(n), Optional.empty(), true);
    return database.<Long, RuntimeException>write(
        tx -> devices().add(tx, fresh, NOW).orElseThrow().id());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private interface Change {
    void in(Transaction tx);
  }

  private void write(Change change) {
    database.<Boolean, RuntimeException>write(tx -> {
      change.in(tx);
      return true;
    });
  }

  private interface Question<T> {
    T of(Transaction tx);
  }

  private <T> T read(Question<T> question) {
    return database.<T, RuntimeException>read(question::of);
  }

  private static WrappedKey wrapped(KekId kek, int content) {
    var bytes = new byte[WrappedKey.BYTES];
    Arrays.fill(bytes, (byte) content);
    return new WrappedKey(kek, bytes, Sha256.of(bytes));
  }

  private static StoredSecret secret(long deviceId, int generation, int content) {
    return secret(deviceId, generation, content, KeyId.of(serial((int) deviceId), generation));
  }

  private static StoredSecret secret(long deviceId, int generation, int content, KeyId keyId) {
    return new StoredSecret(
        deviceId,
        generation,
        keyId,
        SecretKind.SEALED,
        SealedAlgorithm.CHACHA20,
        wrapped(KEK, content),
        NOW,
        generation == 1,
        generation == 2);
  }

  private void add(StoredSecret... all) {
    write(tx -> List.of(all).forEach(secret -> secrets.add(tx, secret)));
  }

  private List<Integer> generations(long deviceId) {
    return read(tx -> secrets.ofDevice(tx, deviceId)).stream()
        .map(StoredSecret::generation)
        .toList();
  }

  private List<Long> devicesWith(KeyId keyId, int limit) {
    return read(tx -> secrets.devicesWith(tx, keyId, limit));
  }

  private Optional<Long> deviceWith(Sha256... fingerprints) {
    return read(tx -> secrets.deviceWithFingerprint(tx, List.of(fingerprints)));
  }

  private List<StoredSecret> wrappedUnderFirst(int limit) {
    return read(tx -> secrets.wrappedUnder(tx, KEK, limit));
  }

  private long mostDevicesOfOneFingerprint() {
    return read(secrets::mostDevicesOfOneFingerprint);
  }

  private static void assertKept(StoredSecret found, StoredSecret expected) {
    assertThat(found).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  @DisplayName("what was added is found as it was, the newest generation first")
  void keeps() {
    add(secret(device, 1, 1), secret(device, 2, 2));
    List<StoredSecret> found = read(tx -> secrets.ofDevice(tx, device));
    assertThat(found).hasSize(2);
    assertKept(found.get(0), secret(device, 2, 2));
    assertKept(found.get(1), secret(device, 1, 1));
  }

  @Test
  @DisplayName("at most two generations live, and a later one has a higher number")
  void refuses_other_generations() {
    add(secret(device, 2, 1));
    assertThatThrownBy(() -> add(secret(device, 1, 9))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> add(secret(device, 2, 9))).isInstanceOf(IllegalStateException.class);
    add(secret(device, 3, 2));
    assertThatThrownBy(() -> add(secret(device, 4, 9))).isInstanceOf(IllegalStateException.class);
    assertThat(generations(device)).containsExactly(3, 2);
  }

  @Test
  @DisplayName("a key id is a name that several devices may have")
  void finds_by_key_id() {
    KeyId shared = KeyId.of(serial(1), 1);
    add(secret(device, 1, 1), secret(other, 1, 2, shared));
    assertThat(devicesWith(shared, 4)).containsExactly(device, other);
    assertThat(devicesWith(shared, 1)).containsExactly(device);
    assertThat(devicesWith(KeyId.of(serial(9), 1), 4)).isEmpty();
  }

  @Test
  @DisplayName("every key is named with the serial of its device")
  void names_all() {
    add(secret(device, 1, 1), secret(device, 2, 2), secret(other, 1, 3));
    var names = new ArrayList<String>();
    read(tx -> {
      secrets.forEachName(tx, (serial, keyId) -> names.add(serial + " " + keyId));
      return true;
    });
    assertThat(names)
        .containsExactlyInAnyOrder(
            "SN-1 " + KeyId.of(serial(1), 1),
            "SN-1 " + KeyId.of(serial(1), 2),
            "SN-2 " + KeyId.of(serial(2), 1));
  }

  @Test
  @DisplayName("a device is found by the fingerprint of its key")
  void finds_by_fingerprint() {
    add(secret(other, 1, 7));
    Sha256 there = wrapped(KEK, 7).fingerprint();
    Sha256 none = wrapped(KEK, 8).fingerprint();
    assertThat(deviceWith(none, there)).contains(other);
    assertThat(deviceWith(none)).isEmpty();
  }

  @Test
  @DisplayName("another wrapping takes the place of the one before it")
  void rewraps() {
    add(secret(device, 1, 1), secret(other, 1, 2));
    assertThat(wrappedUnderFirst(1)).hasSize(1);
    write(tx -> secrets.rewrap(tx, device, 1, wrapped(OTHER_KEK, 5)));
    Map<KekId, Long> counts = read(secrets::countByKek);
    assertThat(counts).isEqualTo(Map.of(KEK, 1L, OTHER_KEK, 1L));
    assertThat(wrappedUnderFirst(10)).extracting(StoredSecret::deviceId).containsExactly(other);
    assertKept(
        read(tx -> secrets.ofDevice(tx, device)).getFirst(),
        secret(device, 1, 1).with(wrapped(OTHER_KEK, 5)));
  }

  @Test
  @DisplayName("devices are counted by kind, once each")
  void counts_devices() {
    add(secret(device, 1, 1), secret(device, 2, 2));
    Map<SecretKind, Long> counts = read(secrets::countDevices);
    assertThat(counts)
        .isEqualTo(Map.of(SecretKind.PSK, 0L, SecretKind.SEALED, 1L, SecretKind.MAC, 0L));
    assertThat(mostDevicesOfOneFingerprint()).isEqualTo(1);
  }

  @Test
  @DisplayName("generations are erased one by one, or all at once")
  void erases() {
    add(secret(device, 1, 1), secret(device, 2, 2), secret(other, 1, 3));
    write(tx -> secrets.remove(tx, device, 1));
    assertThat(generations(device)).containsExactly(2);
    int erased = database.<Integer, RuntimeException>write(tx -> secrets.removeAll(tx, device));
    assertThat(erased).isEqualTo(1);
    assertThat(generations(device)).isEmpty();
    assertThat(generations(other)).containsExactly(1);
  }

  @Test
  @DisplayName("keys go with their device")
  void goes_with_device() {
    add(secret(device, 1, 1));
    write(tx -> removeDevice(tx, device));
    assertThat(devicesWith(KeyId.of(serial(1), 1), 4)).isEmpty();
  }

  @Test
  @DisplayName("a change where there is no such generation is a bug")
  void refuses_change_of_nothing() {
    assertThatThrownBy(() -> write(tx -> secrets.remove(tx, device, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(tx -> secrets.rewrap(tx, device, 1, wrapped(KEK, 1))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a work that throws leaves everything as it was")
  void undoes_everything() {
    add(secret(device, 1, 1));
    assertThatThrownBy(() ->
            database.write(tx -> {
              secrets.rewrap(tx, device, 1, wrapped(OTHER_KEK, 5));
              secrets.removeAll(tx, device);
              secrets.add(tx, secret(other, 1, 3));
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertKept(read(tx -> secrets.ofDevice(tx, device)).getFirst(), secret(device, 1, 1));
    assertThat(generations(other)).isEmpty();
  }
}
