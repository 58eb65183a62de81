// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.tlspsk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.server.credentials.Level;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Path;
import dev.countersign.server.secrets.SecretHolder;
import dev.countersign.server.secrets.SharedSecrets;
import dev.countersign.server.tls.psk.PreSharedKey;
import dev.countersign.server.tls.psk.PreSharedKeys;
import dev.countersign.server.tls.psk.PskRefusedException.Ground;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys of devices for TLS, as of the last committed change. Whoever may not come in gets the
 * key of nobody, so that a refusal costs what an acceptance costs.
 */
public final class DevicePreSharedKeys implements PreSharedKeys {
  private static final String PREFIX = "cs1.";
  private static final Pattern BY_KEY_ID = Pattern.compile("cs1\\.[0-9a-f]{12}");

  private final SharedSecrets secrets;

  public DevicePreSharedKeys(SharedSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public Offer find(byte[] identity) {
    String text = new String(identity, US_ASCII);
    List<SecretHolder> holders = holders(text);
    List<PreSharedKey> open =
        holders.stream()
            .filter(holder -> objection(holder.device()).isEmpty())
            .limit(MAX_CANDIDATES)
            .<PreSharedKey>map(HeldKey::new)
            .toList();
    if (!open.isEmpty()) {
      return Offer.of(open);
    }
    Optional<Device> refused = holders.stream().findFirst().map(SecretHolder::device);
    return Offer.refused(
        new HeldKey(secrets.nobody()),
        refused.flatMap(DevicePreSharedKeys::objection).orElse(Ground.UNKNOWN_IDENTITY),
        refused.map(Device::serial).or(() -> serial(text)));
  }

  /** A serial that looks like a key id is taken for one: its device says its key id. */
  private List<SecretHolder> holders(String text) {
    return BY_KEY_ID.matcher(text).matches()
        ? secrets.byKeyId(KeyId.wrap(HexFormat.of().parseHex(text.substring(PREFIX.length()))))
        : serial(text).flatMap(secrets::current).map(List::of).orElse(List.of());
  }

  private static Optional<DeviceSerial> serial(String text) {
    try {
      return Optional.of(DeviceSerial.parse(text));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<Ground> objection(Device device) {
    return switch (device.status()) {
      case REVOKED -> Optional.of(Ground.DEVICE_REVOKED);
      case SUSPENDED -> Optional.of(Ground.DEVICE_SUSPENDED);
      case PENDING, ACTIVE ->
          device.minimumLevel(Path.DIRECT) > Level.PRE_SHARED_KEY
              ? Optional.of(Ground.LEVEL_TOO_LOW)
              : Optional.empty();
    };
  }
}
