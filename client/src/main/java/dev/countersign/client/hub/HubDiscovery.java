// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import dev.countersign.protocol.pairing.HubId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Looks for hubs nearby, as by multicast DNS (RFC 6762). What it finds are addresses to try: an
 * announcement proves nothing, and whoever answers there is judged as anyone else.
 */
public interface HubDiscovery {
  /** The service that hubs announce (RFC 6763). */
  String SERVICE_TYPE = "_countersign-hub._tcp.local.";

  /**
   * A hub that says it is here.
   *
   * @param name as it announces itself, for people
   */
  record FoundHub(HubId id, HubAddress address, String name) {}

  /** Looks this long. */
  List<FoundHub> find(Duration time) throws IOException;
}
