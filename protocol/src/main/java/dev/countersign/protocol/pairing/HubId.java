// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import java.security.SecureRandom;
import java.util.Arrays;

/** The name of a hub: 8 random bytes, given by the factory, kept for ever. A name, no proof. */
public final class HubId {
  public static final int BYTES = 8;

  private final byte[] id;

  private HubId(byte[] id) {
    this.id = id;
  }

  /** A new one. */
  public static HubId random(SecureRandom random) {
    var id = new byte[BYTES];
    random.nextBytes(id);
    return new HubId(id);
  }

  /** Takes 8 bytes. */
  public static HubId wrap(byte[] id) {
    if (id.length != BYTES) {
      throw new IllegalArgumentException("hub id: expected 8 bytes, got " + id.length);
    }
    return new HubId(id.clone());
  }

  /** Reads what {@link #toString} wrote. */
  public static HubId parse(String hex) throws MalformedException {
    if (!hex.matches("[0-9a-f]{16}")) {
      throw new MalformedException("hub id", "expected 16 hexadecimal digits in lower case");
    }
    return new HubId(Hexadecimal.decode(hex));
  }

  /** The 8 bytes. */
  public byte[] bytes() {
    return id.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HubId that && Arrays.equals(id, that.id);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(id);
  }

  /** 16 hexadecimal digits in lower case: the first label of its DNS name. */
  @Override
  public String toString() {
    return Hexadecimal.encode(id);
  }
}
