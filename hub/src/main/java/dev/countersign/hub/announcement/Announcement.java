// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.hub.page.HubFacts;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces a hub on every network interface that knows multicast, but the loopback: a phone cannot
 * reach that, and what runs on the device knows its hub. Interfaces that come and go are followed,
 * since a hotspot often starts after the hub.
 *
 * <p>Failing is a warning in the log: a phone that was told the address needs no announcement.
 */
public final class Announcement implements AutoCloseable {
  /** RFC 6763 §7. */
  public static final String SERVICE = "_countersign-hub._tcp.local.";

  /** RFC 6763 §6.7: the version of what the other keys mean. */
  private static final String VERSION = "1";

  /** RFC 1035 §2.3.4: a label has at most 63 bytes. Four are left for a number in a conflict. */
  private static final int MAX_INSTANCE_BYTES = 59;

  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** Three packets, 250 ms apart; a phone that misses them forgets the hub later. */
  private static final Duration GOODBYE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Announcement.class);

  private final HubFacts facts;
  private final int port;
  private final Map<InetAddress, JmDNS> running = new ConcurrentHashMap<>();
  private final Set<InetAddress> failed = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("announcement").factory());

  private Announcement(HubFacts facts, int port) {
    this.facts = facts;
    this.port = port;
  }

  /** Begins, and returns at once: the first look at the interfaces is on a thread of its own. */
  public static Announcement begin(HubFacts facts, int port) {
    var announcement = new Announcement(facts, port);
    var _ = // what it throws is caught within
        announcement.executor.scheduleWithFixedDelay(
            announcement::look, 0, LOOK_EVERY.toSeconds(), TimeUnit.SECONDS);
    return announcement;
  }

  private void look() {
    try {
      Set<InetAddress> wanted = Interfaces.reachable();
      for (InetAddress gone : Set.copyOf(running.keySet())) {
        if (!wanted.contains(gone)) {
          end(gone);
        }
      }
      failed.retainAll(wanted);
      for (InetAddress address : wanted) {
        if (!running.containsKey(address)) {
          start(address);
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("announcement failed reason=\"{}\"", e.getMessage());
    }
  }

  private void start(InetAddress address) {
    try {
      JmDNS responder = JmDNS.create(address, "countersign-" + facts.id());
      running.put(address, responder);
      responder.registerService(
          ServiceInfo.create(SERVICE, instance(), "", port, 0, 0, true, text()));
      LOG.info("announced address={} port={}", address.getHostAddress(), port);
    } catch (IOException e) {
      if (failed.add(address)) {
        LOG.warn(
            "announcement failed address={} reason=\"{}\"",
            address.getHostAddress(),
            e.getMessage());
      }
      end(address);
    }
  }

  private void end(InetAddress address) {
    JmDNS responder = running.remove(address);
    if (responder != null) {
      close(responder);
    }
  }

  private static void close(JmDNS responder) {
    try {
      responder.close(); // says goodbye (RFC 6762 §10.1)
    } catch (IOException e) {
      LOG.debug("announcement ended reason=\"{}\"", e.getMessage());
    }
  }

  private Map<String, String> text() {
    return Map.of("v", VERSION, "id", facts.id().toString(), "name", facts.name());
  }

  /** The name that people see, cut where a label ends. */
  private String instance() {
    var name = new StringBuilder();
    int bytes = 0;
    for (int c : facts.name().codePoints().toArray()) {
      bytes += Character.toString(c).getBytes(UTF_8).length;
      if (bytes > MAX_INSTANCE_BYTES) {
        break;
      }
      name.appendCodePoint(c);
    }
    return name.toString();
  }

  /** Says goodbye on each interface, and waits a little for it. */
  @Override
  public void close() {
    executor.shutdownNow();
    List<Thread> goodbyes =
        List.copyOf(running.values()).stream()
            .map(responder -> Thread.startVirtualThread(() -> close(responder)))
            .toList();
    long deadline = System.nanoTime() + GOODBYE.toNanos();
    try {
      for (Thread goodbye : goodbyes) {
        goodbye.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
