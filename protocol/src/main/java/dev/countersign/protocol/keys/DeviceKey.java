// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.cbor.CborWriter;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;

/**
 * The key that stands for a device's secret; all its other keys come from it (docs/protocol.md,
 * Pre-set secrets).
 *
 * <p><b>Security guarantees.</b> The content comes out only for who holds {@link SecretAccess};
 * equality takes the same time wherever keys differ; {@link #close} overwrites it. Not to be used
 * once closed. Safe for many threads until then.
 */
public final class DeviceKey implements AutoCloseable {
  public static final int BYTES = 32;

  private static final byte[] SALT = "countersign/device/v1".getBytes(US_ASCII);
  private static final int INFO_ITEMS = 5;

  private final byte[] key;
  private volatile boolean closed;

  private DeviceKey(byte[] key) {
    this.key = key;
  }

  /**
   * The key of a device with this secret.
   *
   * @param secret its exact bytes; left as they are
   */
  public static DeviceKey ofSecret(byte[] secret) {
    return new DeviceKey(Hkdf.extract(SALT, secret));
  }

  /** Takes a key that was kept. */
  public static DeviceKey wrap(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("expected 32 bytes, got " + key.length);
    }
    return new DeviceKey(key.clone());
  }

  /**
   * The next generation's key, from fresh secret material that both sides have (docs/protocol.md
   * §2, Rekey).
   *
   * @param shared what was agreed on, left as it is
   */
  public DeviceKey next(byte[] shared) {
    return new DeviceKey(Hkdf.extract(open(), shared));
  }

  /** The content, for who wraps or stores it; the caller overwrites the copy. */
  public byte[] bytes(SecretAccess access) {
    Objects.requireNonNull(access);
    return open().clone();
  }

  /**
   * The key for one purpose; the caller overwrites it.
   *
   * @param generation 1 to 255
   */
  public byte[] derive(
      KeyPurpose purpose, DeviceSerial serial, int generation, SecretAccess access) {
    Objects.requireNonNull(access);
    KeyId.requireGeneration(generation);
    byte[] info =
        new CborWriter()
            .array(INFO_ITEMS)
            .text("cs1")
            .text(purpose.label())
            .bytes(serial.value().getBytes(US_ASCII))
            .unsigned(generation)
            .unsigned(purpose.bytes())
            .toByteArray();
    return Hkdf.expand(open(), info, purpose.bytes());
  }

  private byte[] open() {
    if (closed) {
      throw new IllegalStateException("this key is closed");
    }
    return key;
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceKey that && MessageDigest.isEqual(open(), that.open());
  }

  /** Tells nothing of the key, so that no collection sorts keys by their content. */
  @Override
  public int hashCode() {
    return DeviceKey.class.hashCode();
  }

  @Override
  public String toString() {
    return "DeviceKey[hidden]";
  }
}
