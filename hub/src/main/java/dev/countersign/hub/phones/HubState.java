// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that a hub remembers besides its identity; replaced as a whole or not at all.
 *
 * @param epoch 1 for a new hub, one more with each reset and each transfer
 * @param failures of pairing since somebody last pressed the button or an owner opened a window
 * @param authority issues the phones' certificates
 * @param recoveryCard what the printed card says, while there is one
 * @param timeFloor the latest time an owner told
 * @param phones the active ones
 */
public record HubState(
    long epoch,
    int failures,
    PhoneAuthority authority,
    Optional<PairingSecret> recoveryCard,
    Optional<Instant> timeFloor,
    List<Phone> phones) {
  public HubState {
    if (epoch < 1 || failures < 0) {
      throw new IllegalArgumentException("epoch and failures: expected from 1 and from 0");
    }
    phones = phones.stream().sorted(Comparator.comparing(Phone::role)).toList();
    if (phones.stream().map(Phone::key).distinct().count() < phones.size()) {
      throw new IllegalArgumentException("phones: expected each key once");
    }
  }

  /** A hub without phones. */
  static HubState begin(long epoch, PhoneAuthority authority) {
    return new HubState(epoch, 0, authority, Optional.empty(), Optional.empty(), List.of());
  }

  /** The phone with this key. */
  Optional<Phone> find(Sha256 key) {
    return phones.stream().filter(phone -> phone.key().equals(key)).findFirst();
  }

  /** Whether somebody owns it. */
  public boolean isOwned() {
    return phones.stream().anyMatch(phone -> phone.role() == Role.OWNER);
  }

  /** Whether it would be nobody's without this phone. */
  boolean isLastOwner(Phone phone) {
    return phone.role() == Role.OWNER
        && phones.stream().filter(other -> other.role() == Role.OWNER).count() == 1;
  }

  HubState withFailures(int count) {
    return new HubState(epoch, count, authority, recoveryCard, timeFloor, phones);
  }

  HubState withRecoveryCard(Optional<PairingSecret> card) {
    return new HubState(epoch, failures, authority, card, timeFloor, phones);
  }

  HubState withTimeFloor(Instant time) {
    return new HubState(epoch, failures, authority, recoveryCard, Optional.of(time), phones);
  }

  HubState withPhones(List<Phone> others) {
    return new HubState(epoch, failures, authority, recoveryCard, timeFloor, others);
  }

  HubState with(Phone phone) {
    return withPhones(Stream.concat(others(phone), Stream.of(phone)).toList());
  }

  HubState without(Phone phone) {
    return withPhones(others(phone).toList());
  }

  private Stream<Phone> others(Phone phone) {
    Predicate<Phone> same = other -> other.key().equals(phone.key());
    return phones.stream().filter(same.negate());
  }
}
