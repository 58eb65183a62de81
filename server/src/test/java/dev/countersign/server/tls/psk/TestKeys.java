// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;
import dev.countersign.server.tls.psk.PskRefusedException.Ground;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys in memory, which can be changed at any time, and a count of what was asked of them. */
final class TestKeys implements PreSharedKeys {
  private final Map<String, Offer> offers = new ConcurrentHashMap<>();
  final AtomicInteger found = new AtomicInteger();
  final AtomicInteger derived = new AtomicInteger();
  private final PreSharedKey nobody = key("nobody", 0xee);

  @Override
  public Offer find(byte[] identity) {
    found.incrementAndGet();
    Offer offer = offers.get(new String(identity, US_ASCII));
    return offer != null ? offer : Offer.refused(nobody, Ground.UNKNOWN_IDENTITY, Optional.empty());
  }

  TestKeys with(String identity, PreSharedKey... candidates) {
    offers.put(identity, Offer.of(List.of(candidates)));
    return this;
  }

  TestKeys withRefused(String identity, Ground ground) {
    offers.put(identity, Offer.refused(nobody, ground, Optional.of(new DeviceSerial(identity))));
    return this;
  }

  void remove(String identity) {
    offers.remove(identity);
  }

  /** A device whose key for TLS 1.3 is this byte 32 times, and for TLS 1.2 the next one. */
  PreSharedKey key(String serial, int fill) {
    return new Key(new DeviceSerial(serial), fill);
  }

  static byte[] bytes(int fill) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  private final class Key implements PreSharedKey {
    private final DeviceSerial serial;
    private final int fill;

    private Key(DeviceSerial serial, int fill) {
      this.serial = serial;
      this.fill = fill;
    }

    @Override
    public long deviceId() {
      return fill;
    }

    @Override
    public DeviceSerial serial() {
      return serial;
    }

    @Override
    public int generation() {
      return 1;
    }

    @Override
    public KeyId keyId() {
      return KeyId.of(serial, 1);
    }

    @Override
    public byte[] derive(KeyPurpose purpose) {
      derived.incrementAndGet();
      return bytes(purpose == KeyPurpose.TLS13_PSK ? fill : fill + 1);
    }
  }
}
