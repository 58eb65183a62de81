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
    if (key.isEmpty()) {
      return strangers.size() < limits.maxStrangers()
          && strangers.stream().filter(other -> other.address().equals(peer.address())).count()
              < limits.maxStrangersPerAddress()
          && strangers.add(peer);
    }
    Set<Peer> same = byKey.computeIfAbsent(key.get(), k -> new HashSet<>());
    return same.size() < limits.maxConnectionsPerPhone() && same.add(peer);
  }

  /** Whether its time is over: it was nobody when it came, whatever it is now. */
  synchronized boolean isStranger(Peer peer) {
    return strangers.contains(peer);
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
