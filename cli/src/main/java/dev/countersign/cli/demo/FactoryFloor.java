// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import dev.countersign.hub.factory.Provisioning;
import dev.countersign.hub.factory.Station;
import dev.countersign.hub.factory.StationMaker;
import dev.countersign.hub.factory.StationRefusedException;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Initialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A line that makes hubs under the demo's own root, without a server. */
final class FactoryFloor {
  /** Two hubs, and not a third. */
  static final int QUOTA = 2;

  private final Station station;
  private final Path scratch;
  private final SecureRandom random = new SecureRandom();

  /**
   * Makes the station.
   *
   * @param passphrase of the root's key
   */
  FactoryFloor(DataDirectory maker, char[] passphrase, Path scratch, Clock clock)
      throws IOException, ProtocolException, StationRefusedException {
    this.scratch = scratch;
    var root =
        new StationMaker(
            Certificates.parsePem(Files.readString(maker.root())).getFirst(),
            SigningKey.parseEncryptedPem(Files.readString(maker.offlineRootKey()), passphrase),
            random);
    Path directory = scratch.resolve("station");
    root.make(
        directory,
        new StationMaker.Request(
            "line 1",
            QUOTA,
            clock.instant().plus(StationMaker.USUAL_LIFE).truncatedTo(ChronoUnit.SECONDS),
            new ServerName.Dns(Initialization.DEFAULT_HUB_DOMAIN),
            DeviceName.EXAMPLE_ENTERPRISE_NUMBER),
        clock.instant());
    this.station = Station.open(directory, clock, random);
  }

  /** Where a hub keeps its state. */
  Path stateOf(String hub) {
    return scratch.resolve(hub);
  }

  /** Gives a hub its identity. */
  HubIdentity make(String hub) throws IOException, StationRefusedException {
    try (var provisioning = Provisioning.of(stateOf(hub), station, random)) {
      HubIdentity identity = provisioning.provision(Optional.empty(), Optional.empty()).identity();
      provisioning.finish();
      return identity;
    }
  }
}
