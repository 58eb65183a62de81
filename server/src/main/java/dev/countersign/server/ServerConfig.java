// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import dev.countersign.pki.DeviceName;
import dev.countersign.server.disk.DiskLimits;
import dev.countersign.server.journal.JournalLimits;
import dev.countersign.server.registry.Device;
import dev.countersign.server.tls.TlsProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What an operator may configure, as {@code countersign.yaml} has it. Units are in the names. No
 * secrets. A value that makes no sense is refused here, by name.
 *
 * @param organization the O of every certificate
 * @param hostnames names under which devices and operators reach this server, besides localhost
 * @param privateEnterpriseNumber the maker's IANA number, part of every device's URN
 * @param models what is known of kinds of devices, by the name that devices are registered with
 */
public record ServerConfig(
    String organization,
    List<String> hostnames,
    long privateEnterpriseNumber,
    Listeners listeners,
    Tls tls,
    Limits limits,
    Readings readings,
    Journal journal,
    Disk disk,
    Log log,
    Map<String, Model> models) {

  public static final ServerConfig DEFAULT =
      new ServerConfig(
          "Countersign",
          List.of(),
          DeviceName.EXAMPLE_ENTERPRISE_NUMBER,
          new Listeners("0.0.0.0", 8443, 8444, 9443, 8080),
          new Tls("auto"),
          Limits.DEFAULT,
          new Readings(400, 0),
          new Journal(90, 200, 200_000, 10_000),
          new Disk(1 << 30, 20, 1 << 28, 5),
          new Log("info", "text", 20),
          Map.of());

  public ServerConfig {
    require(!organization.isBlank() && organization.length() <= 64, "organization", "1 to 64");
    require(privateEnterpriseNumber > 0, "privateEnterpriseNumber", "a number above 0");
    hostnames = List.copyOf(hostnames);
    models = Map.copyOf(models);
  }

  /**
   * A kind of device.
   *
   * @param relay whether it sends through a relay even when it has a certificate, so that its
   *     shared secret is kept
   * @param requireFresh whether its readings are refused without proof that they are fresh
   */
  public record Model(boolean relay, boolean requireFresh) {
    static final Model DEFAULT = new Model(false, false);
  }

  /** Whether sealed readings of a device are taken only if they are fresh. */
  boolean requiresFresh(Device device) {
    return device.model().map(models::get).map(Model::requireFresh).orElse(false);
  }

  /** Whether a device has to keep its shared secret beside a certificate. */
  boolean needsRelay(Device device) {
    return device.model().map(models::get).map(Model::relay).orElse(false);
  }

  /**
   * Where to listen; port 0 takes any free one.
   *
   * @param address an address of this machine, or 0.0.0.0 for all
   * @param devicePort the device API
   * @param pskPort the device API over TLS with a pre-shared key
   * @param operatorPort the operator API
   * @param plainPort CA certificates, without TLS
   */
  public record Listeners(
      String address, int devicePort, int pskPort, int operatorPort, int plainPort) {
    public Listeners {
      requirePort(devicePort, "listeners.devicePort");
      requirePort(pskPort, "listeners.pskPort");
      requirePort(operatorPort, "listeners.operatorPort");
      requirePort(plainPort, "listeners.plainPort");
    }

    private static void requirePort(int port, String name) {
      require(port >= 0 && port <= 65_535, name, "a port from 0 to 65535");
    }

    /** All ports moved: 8443 becomes {@code base}, 8444 base + 1, 9443 base + 4, 8080 base + 5. */
    public Listeners withPortBase(int base) {
      return new Listeners(address, base, base + 1, base + 4, base + 5);
    }
  }

  /**
   * How TLS is carried.
   *
   * @param provider auto, boringssl or jdk
   */
  public record Tls(String provider) {
    public Tls {
      require(
          List.of("auto", "boringssl", "jdk").contains(provider),
          "tls.provider",
          "auto, boringssl or jdk");
    }

    TlsProvider.Choice choice() {
      return switch (provider) {
        case "boringssl" -> TlsProvider.Choice.BORINGSSL;
        case "jdk" -> TlsProvider.Choice.JDK;
        default -> TlsProvider.Choice.AUTO;
      };
    }
  }

  /**
   * How long readings are kept.
   *
   * @param retentionDays readings that arrived longer ago are deleted
   * @param maxBytes above this the oldest are deleted; 0 for any size
   */
  public record Readings(int retentionDays, long maxBytes) {
    public Readings {
      require(
          maxBytes == 0 || maxBytes >= 64 << 20,
          "readings.maxBytes",
          "0, or at least 67108864 (64 MiB)");
      require(retentionDays >= 1, "readings.retentionDays", "at least 1");
    }
  }

  /**
   * How much is kept of attempts that came to nothing.
   *
   * @param retentionDays entries that were last seen longer ago are deleted
   * @param maxEntriesPerDevice proven entries of one device, and as many claimed ones
   * @param maxEntries proven entries of all devices, and as many claimed ones
   * @param maxUnattributed entries that belong to no device
   */
  public record Journal(
      int retentionDays, int maxEntriesPerDevice, int maxEntries, int maxUnattributed) {
    /** Different attempts between two flushes, a second apart. */
    private static final int MAX_PENDING = 1000;

    public Journal {
      require(retentionDays >= 1, "journal.retentionDays", "at least 1");
      require(maxEntriesPerDevice >= 1, "journal.maxEntriesPerDevice", "at least 1");
      require(maxEntries >= 1, "journal.maxEntries", "at least 1");
      require(maxUnattributed >= 1, "journal.maxUnattributed", "at least 1");
    }

    JournalLimits limits() {
      return new JournalLimits(
          MAX_PENDING,
          maxEntriesPerDevice,
          maxEntries,
          maxUnattributed,
          Duration.ofDays(retentionDays));
    }
  }

  /**
   * When room on the disk gets short. Of bytes and percent the smaller one counts.
   *
   * @param warnFreeBytes below this somebody should make room; 0 for never
   * @param warnFreePercent the same as a part of the file system
   * @param stopFreeBytes below this devices are refused, and operators are not; 0 for never
   * @param stopFreePercent the same as a part of the file system
   */
  public record Disk(
      long warnFreeBytes, int warnFreePercent, long stopFreeBytes, int stopFreePercent) {
    public Disk {
      require(warnFreeBytes >= 0, "disk.warnFreeBytes", "at least 0");
      require(stopFreeBytes >= 0, "disk.stopFreeBytes", "at least 0");
      requirePercent(warnFreePercent, "disk.warnFreePercent");
      requirePercent(stopFreePercent, "disk.stopFreePercent");
    }

    private static void requirePercent(int number, String name) {
      require(number >= 0 && number <= 100, name, "from 0 to 100");
    }

    DiskLimits limits() {
      return new DiskLimits(warnFreeBytes, warnFreePercent, stopFreeBytes, stopFreePercent);
    }
  }

  /**
   * What is logged, and how.
   *
   * @param level error, warn, info, debug or trace
   * @param format text or json
   * @param linesPerSecond lines of one kind that are written, a burst apart; 0 for any number
   */
  public record Log(String level, String format, int linesPerSecond) {
    public Log {
      require(
          List.of("error", "warn", "info", "debug", "trace").contains(level),
          "log.level",
          "error, warn, info, debug or trace");
      require(List.of("text", "json").contains(format), "log.format", "text or json");
      require(
          linesPerSecond >= 0 && linesPerSecond <= 100_000,
          "log.linesPerSecond",
          "from 0 to 100000");
    }
  }

  static void require(boolean holds, String name, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": expected " + expected);
    }
  }

  /** The same configuration for so many connections of devices. */
  ServerConfig withMaxConnections(int most) {
    return new ServerConfig(
        organization,
        hostnames,
        privateEnterpriseNumber,
        listeners,
        tls,
        limits.withMaxConnections(most),
        readings,
        journal,
        disk,
        log,
        models);
  }

  /** The same configuration on other ports. */
  public ServerConfig withListeners(Listeners other) {
    return new ServerConfig(
        organization,
        hostnames,
        privateEnterpriseNumber,
        other,
        tls,
        limits,
        readings,
        journal,
        disk,
        log,
        models);
  }
}
