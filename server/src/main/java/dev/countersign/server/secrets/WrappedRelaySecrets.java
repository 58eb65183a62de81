// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.server.relay.RelaySecret;
import dev.countersign.server.relay.RelayWrapping;
import java.util.Arrays;

/**
 * Wraps relays' secrets under the key-encryption key, as devices' keys are: the key's id, then
 * nonce, ciphertext and tag. Thread-safe.
 *
 * <p>The label has a hash of the relay's name where a device's key has the serial, and generation
 * 0, which no device has: a wrapped secret opens as that relay's and as nothing else.
 */
public final class WrappedRelaySecrets implements RelayWrapping {
  private static final int KEK_ID_BYTES = 8;
  private static final int NO_GENERATION = 0;
  private static final int LABEL_HEX_DIGITS = 56;

  /** Tells devices that share a key; relays' secrets are random and need no such thing. */
  private static final Sha256 NO_FINGERPRINT = Sha256.wrap(new byte[Sha256.BYTES]);

  private final KeyEncryptionKeys keys;

  public WrappedRelaySecrets(KeyEncryptionKeys keys) {
    this.keys = keys;
  }

  private static DeviceSerial label(String relay) {
    String hash = Sha256.of(relay.getBytes(US_ASCII)).hex();
    return new DeviceSerial("relay." + hash.substring(0, LABEL_HEX_DIGITS));
  }

  @Override
  public byte[] wrap(String relay, RelaySecret secret) {
    byte[] clear = secret.bytes(SecretAccess.insecure());
    try (DeviceKey key = DeviceKey.wrap(clear)) {
      WrappedKey wrapped = keys.wrap(key, label(relay), NO_GENERATION);
      byte[] id = Hexadecimal.decode(wrapped.kekId().hex());
      byte[] bytes = Arrays.copyOf(id, KEK_ID_BYTES + WrappedKey.BYTES);
      System.arraycopy(wrapped.bytes(), 0, bytes, KEK_ID_BYTES, WrappedKey.BYTES);
      return bytes;
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  @Override
  public RelaySecret unwrap(String relay, byte[] wrapped) {
    byte[] bytes = Arrays.copyOfRange(wrapped, KEK_ID_BYTES, KEK_ID_BYTES + WrappedKey.BYTES);
    try (DeviceKey key =
        keys.unwrap(
            new WrappedKey(kekId(wrapped), bytes, NO_FINGERPRINT), label(relay), NO_GENERATION)) {
      return RelaySecret.wrap(key.bytes(SecretAccess.insecure()));
    }
  }

  @Override
  public boolean isCurrent(byte[] wrapped) {
    return kekId(wrapped).equals(keys.currentId());
  }

  private static KekId kekId(byte[] wrapped) {
    return new KekId(Hexadecimal.encode(Arrays.copyOf(wrapped, KEK_ID_BYTES)));
  }
}
