// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.phones.Phones;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is connected, by key: so that a phone that is removed is cut off at once, and strangers do
 * not take the places of phones. Safe for use by many threads.
 */
final class Connections {
  private final Phones phones;
  private final Limits limits;
  private final Map<Sha256, Set<Peer>> byKey = new HashMap<>();
  private final Set<Peer> strangers = new HashSet<>();

  Connections(Phones phones, Limits limits) {
    this.phones = phones;
    this.limits = limits;
  }

  /** Whether there is room for it. */
  synchronized boolean admit(Peer peer) {
    Optional<Sha256> key = key(peer).filter(proven -> phones.find(proven).isPresent());
    Set<Peer> group =
        key.map(proven -> byKey.computeIfAbsent(proven, k -> new HashSet<>())).orElse(strangers);
    int most = key.isPresent() ? limits.maxConnectionsPerPhone() : limits.maxStrangers();
    return group.size() < most && group.add(peer);
  }

  synchronized void ended(Peer peer) {
    strangers.remove(peer);
    key(peer)
        .ifPresent(key -> {
          Set<Peer> same = byKey.get(key);
          if (same != null) {
            same.remove(peer);
            if (same.isEmpty()) {
              byKey.remove(key);
            }
          }
        });
  }

  /** The connections of a phone; also of one that was a stranger when it came. */
  synchronized List<Peer> of(Sha256 phone) {
    var found = new HashSet<>(byKey.getOrDefault(phone, Set.of()));
    strangers.stream()
        .filter(peer -> key(peer).filter(phone::equals).isPresent())
        .forEach(found::add);
    return List.copyOf(found);
  }

  private static Optional<Sha256> key(Peer peer) {
    return peer.certificate().map(Certificates::keyHash);
  }
}
