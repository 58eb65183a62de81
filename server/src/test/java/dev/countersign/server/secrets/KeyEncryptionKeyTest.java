// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.server.database.DatabaseException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeyEncryptionKeyTest {
  private static final DeviceSerial SERIAL = new DeviceSerial("SN-1");
  private final SecureRandom random = new SecureRandom();
  private final KeyEncryptionKey kek = kek(1);
  private final DeviceKey key = DeviceKey.wrap(bytes(7));

  private static byte[] bytes(int value) {
    var bytes = new byte[KeyEncryptionKey.BYTES];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private KeyEncryptionKey kek(int value) {
    return new KeyEncryptionKey(bytes(value), random);
  }

  @Test
  @DisplayName("opens what it wrapped, and wraps the same key differently each time")
  void opens() {
    WrappedKey first = kek.wrap(key, SERIAL, 1);
    WrappedKey second = kek.wrap(key, SERIAL, 1);
    assertThat(first.bytes()).isNotEqualTo(second.bytes());
    assertThat(first.fingerprint()).isEqualTo(second.fingerprint());
    assertThat(kek.unwrap(first, SERIAL, 1)).isEqualTo(key);
    assertThat(kek.unwrap(second, SERIAL, 1)).isEqualTo(key);
  }

  @Test
  @DisplayName("the row of one device opens nothing when it stands at another, or another age")
  void refuses_swapped_rows() {
    WrappedKey wrapped = kek.wrap(key, SERIAL, 1);
    assertThatThrownBy(() -> kek.unwrap(wrapped, new DeviceSerial("SN-2"), 1))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("SN-2, generation 1, does not open");
    assertThatThrownBy(() -> kek.unwrap(wrapped, SERIAL, 2)).isInstanceOf(DatabaseException.class);
  }

  @Test
  @DisplayName("one changed bit anywhere, and it does not open")
  void refuses_changed_bits() {
    WrappedKey wrapped = kek.wrap(key, SERIAL, 1);
    for (int bit = 0; bit < 8 * WrappedKey.BYTES; bit++) {
      byte[] changed = wrapped.bytes();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      var other = new WrappedKey(kek.id(), changed, wrapped.fingerprint());
      assertThatThrownBy(() -> kek.unwrap(other, SERIAL, 1)).isInstanceOf(DatabaseException.class);
    }
  }

  @Test
  @DisplayName("another key-encryption key opens nothing")
  void refuses_other_keys() {
    WrappedKey wrapped = kek.wrap(key, SERIAL, 1);
    KeyEncryptionKey other = kek(2);
    assertThatThrownBy(() -> other.unwrap(wrapped, SERIAL, 1))
        .isInstanceOf(DatabaseException.class);
  }

  @Test
  @DisplayName("a fingerprint says nothing without the key-encryption key")
  void fingerprints_are_keyed() {
    assertThat(kek.fingerprint(key))
        .isNotEqualTo(kek(2).fingerprint(key))
        .isNotEqualTo(Sha256.of(bytes(7)))
        .isNotEqualTo(kek.fingerprint(DeviceKey.wrap(bytes(8))));
  }

  @Test
  @DisplayName("its name is the same for the same key, and nothing prints the key")
  void hides_itself() {
    assertThat(kek.id()).isEqualTo(kek(1).id()).isNotEqualTo(kek(2).id());
    assertThat(kek.toString()).contains(kek.id().hex()).doesNotContain("0101");
    assertThat(kek.wrap(key, SERIAL, 1).toString()).doesNotContain("0707");
  }

  @Test
  @DisplayName("the label is the specified CBOR; another one would open no old registry")
  void keeps_its_format() {
    assertThat(Hexadecimal.encode(kek.label(SERIAL, 1)))
        .isEqualTo("8466" + "6373312d646b" + "44" + "534e2d31" + "01" + "48" + kek.id().hex());
    assertThat(Hexadecimal.encode(kek.label(new DeviceSerial("A".repeat(64)), 255)))
        .isEqualTo("84666373312d646b" + "5840" + "41".repeat(64) + "18ff48" + kek.id().hex());
  }
}
