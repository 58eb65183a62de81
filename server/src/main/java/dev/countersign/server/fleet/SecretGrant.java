// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.secrets.ClearSecret;
import dev.countersign.server.secrets.SecretKind;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What the operator who added a device has to give to it. The only time that any of it is outside;
 * {@link #close} overwrites it.
 */
public final class SecretGrant implements AutoCloseable {
  private static final int FIRST_GENERATION = 1;

  private final DeviceSerial serial;
  private final SecretKind kind;
  private final SealedAlgorithm algorithm;
  private final Optional<ClearSecret> made;
  private final byte[] tls13Key;
  private final byte[] tls12Key;

  /**
   * @param made the secret if this server made it, for the grant to close
   */
  SecretGrant(
      DeviceSerial serial, NewCredential.Shared how, Optional<ClearSecret> made, DeviceKey key) {
    this.serial = serial;
    this.kind = how.kind();
    this.algorithm = how.algorithm();
    this.made = made;
    this.tls13Key = derive(key, KeyPurpose.TLS13_PSK);
    this.tls12Key = derive(key, KeyPurpose.TLS12_PSK);
  }

  private byte[] derive(DeviceKey key, KeyPurpose purpose) {
    return kind == SecretKind.PSK
        ? key.derive(purpose, serial, FIRST_GENERATION, SecretAccess.insecure())
        : new byte[0];
  }

  public DeviceSerial serial() {
    return serial;
  }

  public SecretKind kind() {
    return kind;
  }

  public SealedAlgorithm algorithm() {
    return algorithm;
  }

  public KeyId keyId() {
    return KeyId.of(serial, FIRST_GENERATION);
  }

  /** The secret, if this server made it: who gave one has it. */
  public Optional<ClearSecret> made() {
    return made;
  }

  /** For a kind of PSK: the key of TLS 1.3, not a copy. */
  public byte[] tls13Key(SecretAccess access) {
    Objects.requireNonNull(access);
    return tls13Key;
  }

  /** For a kind of PSK: the key of TLS 1.2, not a copy. */
  public byte[] tls12Key(SecretAccess access) {
    Objects.requireNonNull(access);
    return tls12Key;
  }

  @Override
  public void close() {
    made.ifPresent(ClearSecret::close);
    Arrays.fill(tls13Key, (byte) 0);
    Arrays.fill(tls12Key, (byte) 0);
  }

  @Override
  public String toString() {
    return "SecretGrant[" + serial + ", " + kind.wireName() + ", hidden]";
  }
}
