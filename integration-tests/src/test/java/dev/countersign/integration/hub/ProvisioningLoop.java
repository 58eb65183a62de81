// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import dev.countersign.hub.factory.Provisioning;
import dev.countersign.hub.factory.Station;
import dev.countersign.hub.factory.StationRefusedException;
import dev.countersign.hub.factory.StationRefusedException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** Makes one hub after the other until the station refuses: a line, in a process to be killed. */
final class ProvisioningLoop {
  private ProvisioningLoop() {}

  /**
   * Makes hubs of the directories that begin with a prefix.
   *
   * @param args the station, the directory below which the hubs are, a prefix for their names
   */
  public static void main(String[] args) throws IOException {
    var random = new SecureRandom();
    try {
      Station station = Station.open(Path.of(args[0]), Clock.systemUTC(), random);
      int number = 1;
      while (makes(station, Path.of(args[1], args[2] + number), random)) {
        System.out.println(number);
        number++;
      }
    } catch (StationRefusedException e) {
      System.out.println("refused: " + e.reason());
    }
  }

  /** False when the quota is spent. */
  static boolean makes(Station station, Path state, SecureRandom random)
      throws IOException, StationRefusedException {
    try (Provisioning provisioning = Provisioning.of(state, station, random)) {
      provisioning.provision(Optional.empty(), Optional.empty());
      provisioning.finish();
      return true;
    } catch (StationRefusedException e) {
      if (e.reason() == Reason.QUOTA_SPENT) {
        return false;
      }
      if (e.reason() == Reason.PROVISIONED) {
        return true; // in an earlier life of this loop
      }
      throw e;
    }
  }
}
