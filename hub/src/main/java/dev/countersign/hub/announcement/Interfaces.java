// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.announcement;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where phones can reach this device. */
public final class Interfaces {
  private static final Logger LOG = LoggerFactory.getLogger(Interfaces.class);

  private Interfaces() {}

  /**
   * One address of each interface that is up and knows multicast, but the loopback; where there is
   * an IPv4 address, that one. Empty if there are none, or they cannot be listed.
   */
  public static Set<InetAddress> reachable() {
    var found = new HashSet<InetAddress>();
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (each.isUp() && !each.isLoopback() && each.supportsMulticast()) {
          each.inetAddresses()
              .min(Comparator.comparingInt(address -> address.getAddress().length))
              .ifPresent(found::add);
        }
      }
    } catch (SocketException e) {
      LOG.warn("interfaces cannot be listed reason=\"{}\"", e.getMessage());
    }
    return found;
  }
}
