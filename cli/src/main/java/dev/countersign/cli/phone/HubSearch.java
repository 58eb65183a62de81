// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubDiscovery;
import dev.countersign.hub.announcement.Interfaces;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;

/** Looks for hubs by multicast DNS (RFC 6762) on every interface but the loopback. */
final class HubSearch implements HubDiscovery {
  /** What a stranger announces fills no screen. */
  private static final int MAX_FOUND = 100;

  private static final int MAX_NAME_CHARS = 64;

  @Override
  public List<FoundHub> find(Duration time) throws IOException {
    var found = new LinkedHashSet<FoundHub>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var searches = new ArrayList<Future<List<FoundHub>>>();
      for (InetAddress own : Interfaces.reachable()) {
        searches.add(executor.submit(() -> find(own, time)));
      }
      for (Future<List<FoundHub>> search : searches) {
        collect(search, found);
      }
    }
    return List.copyOf(found);
  }

  private static void collect(Future<List<FoundHub>> search, Set<FoundHub> found)
      throws IOException {
    try {
      found.addAll(search.get());
    } catch (ExecutionException e) {
      // one interface less; another may have it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking for hubs", e);
    }
  }

  private static List<FoundHub> find(InetAddress own, Duration time) throws IOException {
    var found = new ArrayList<FoundHub>();
    try (JmDNS client = JmDNS.create(own)) {
      for (ServiceInfo service : client.list(SERVICE_TYPE, time.toMillis())) {
        if (found.size() < MAX_FOUND) {
          add(service, found);
        }
      }
    }
    return found;
  }

  private static void add(ServiceInfo service, List<FoundHub> found) {
    String id = service.getPropertyString("id");
    String name = String.valueOf(service.getName());
    if (id == null || !"1".equals(service.getPropertyString("v"))) {
      return;
    }
    for (InetAddress address : service.getInetAddresses()) {
      try {
        found.add(
            new FoundHub(
                HubId.parse(id),
                new HubAddress(address.getHostAddress(), service.getPort()),
                name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS) : name));
      } catch (MalformedException | IllegalArgumentException e) {
        // not one of ours
      }
    }
  }
}
