// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * The list of phones. A change is on disk before anybody acts on it or hears of it; one that cannot
 * be written did not happen ({@link IOException}).
 *
 * <p>Safe for use by many threads. Changes are made one at a time.
 */
public final class Phones {
  private final HubId hub;
  private final HubStateFile file;
  private final SecureRandom random;
  private final List<PhoneListener> listeners = new CopyOnWriteArrayList<>();

  /** Written with the next change, or when the hub ends: flash memory wears out. */
  private final Map<Sha256, Instant> lastSeen = new HashMap<>();

  private volatile HubState state;

  private Phones(HubId hub, HubStateFile file, SecureRandom random, HubState state) {
    this.hub = hub;
    this.file = file;
    this.random = random;
    this.state = state;
  }

  /**
   * Reads the list, or begins one.
   *
   * @param file that keeps it
   * @param begin when the first authority's certificate begins: an instant that has passed
   */
  public static Phones open(Path file, HubId hub, Instant begin, SecureRandom random)
      throws IOException {
    var stored = new HubStateFile(file, random);
    Optional<HubState> found = stored.load();
    if (found.isPresent()) {
      return new Phones(hub, stored, random, found.get());
    }
    HubState first = HubState.begin(1, PhoneAuthority.create(hub, begin, random));
    stored.store(first);
    return new Phones(hub, stored, random, first);
  }

  /** From now on this one is told. */
  public void listen(PhoneListener listener) {
    listeners.add(listener);
  }

  /** What the hub remembers now. */
  public HubState state() {
    return state;
  }

  /** The phones, owners first, with when they were seen last. */
  public synchronized List<Phone> all() {
    return state.phones().stream().map(this::withLastSeen).toList();
  }

  /** The phone with this key. */
  public Optional<Phone> find(Sha256 key) {
    return state.find(key);
  }

  /** A phone was here. */
  synchronized void seen(Phone phone, Optional<Instant> at) {
    at.ifPresent(time -> lastSeen.put(phone.key(), time));
  }

  private Phone withLastSeen(Phone phone) {
    Instant seen = lastSeen.get(phone.key());
    return seen == null
        ? phone
        : new Phone(
            phone.certificate(),
            phone.key(),
            phone.name(),
            phone.role(),
            phone.status(),
            phone.epoch(),
            phone.addedBy(),
            Optional.of(seen),
            phone.expires());
  }

  private synchronized void update(UnaryOperator<HubState> change) throws IOException {
    HubState next = change.apply(state.withPhones(all()));
    file.store(next);
    state = next;
    lastSeen.keySet().removeIf(key -> next.find(key).isEmpty());
  }

  /** Keeps what is only in memory; called when the hub ends. */
  public synchronized void flush() throws IOException {
    if (!state.phones().equals(all())) {
      update(same -> same);
    }
  }

  /** Puts a phone on the list whose pairing is complete. Failures of pairing are forgotten. */
  public void add(Phone phone) throws IOException {
    update(before -> before.with(phone).withFailures(0));
    listeners.forEach(listener -> listener.paired(phone));
  }

  /** As {@link #add}, by the printed card, which is good for nothing from then on. */
  public void recover(Phone phone) throws IOException {
    update(before -> before.with(phone).withFailures(0).withRecoveryCard(Optional.empty()));
    listeners.forEach(listener -> listener.paired(phone));
  }

  /** As {@link #add}, and every other phone goes: the hub is somebody else's, in a new epoch. */
  public void handOver(Phone phone) throws IOException {
    List<Phone> before = state.phones();
    update(old ->
        new HubState(
            phone.epoch(), 0, old.authority(), Optional.empty(), old.timeFloor(), List.of(phone)));
    before.forEach(this::tellRemoved);
    listeners.forEach(listener -> listener.paired(phone));
  }

  /** Removes a phone for whoever may. */
  public Change remove(AuthenticatedPhone by, String id) throws IOException {
    synchronized (this) {
      Optional<Phone> found = byId(id);
      if (found.isEmpty()) {
        return new Change.NoSuchPhone();
      }
      Phone phone = found.get();
      boolean itself = phone.key().equals(by.phone().key());
      return itself || mayDecideAbout(by, phone.role()) ? remove(phone) : new Change.NotAllowed();
    }
  }

  /** Removes a phone for the person who stands at the hub. */
  public synchronized Change remove(Phone phone) throws IOException {
    if (state.find(phone.key()).isEmpty()) {
      return new Change.NoSuchPhone();
    }
    if (state.isLastOwner(phone)) {
      return new Change.LastOwner();
    }
    update(before -> before.without(phone));
    tellRemoved(phone);
    return new Change.Done(phone);
  }

  /**
   * Changes name, role or end of a phone.
   *
   * @param expires empty to leave it; an empty one inside to remove it
   */
  public synchronized Change change(
      AuthenticatedPhone by,
      String id,
      Optional<String> name,
      Optional<Role> role,
      Optional<Optional<Instant>> expires)
      throws IOException {
    Optional<Phone> found = byId(id);
    if (found.isEmpty()) {
      return new Change.NoSuchPhone();
    }
    Phone phone = found.get();
    boolean renamesItself =
        phone.key().equals(by.phone().key()) && role.isEmpty() && expires.isEmpty();
    Role next = role.orElse(phone.role());
    if (!renamesItself && !(mayDecideAbout(by, phone.role()) && mayDecideAbout(by, next))) {
      return new Change.NotAllowed();
    }
    if (next != Role.GUEST && expires.flatMap(end -> end).isPresent()) {
      return new Change.NotForThisRole();
    }
    if (next != Role.OWNER && state.isLastOwner(phone)) {
      return new Change.LastOwner();
    }
    var changed =
        new Phone(
            phone.certificate(),
            phone.key(),
            name.orElse(phone.name()),
            next,
            phone.status(),
            phone.epoch(),
            phone.addedBy(),
            phone.lastSeen(),
            next == Role.GUEST ? expires.orElse(phone.expires()) : Optional.empty());
    update(before -> before.with(changed));
    listeners.forEach(listener -> listener.changed(changed));
    return new Change.Done(changed);
  }

  /**
   * An owner makes another phone the owner, and is an admin from then on. The recovery card goes
   * too: who printed it owns the hub no more.
   */
  public synchronized Change transfer(AuthenticatedPhone by, String id) throws IOException {
    Optional<Phone> found = byId(id);
    if (found.isEmpty() || found.get().key().equals(by.phone().key())) {
      return new Change.NoSuchPhone();
    }
    Optional<Phone> giver = state.find(by.phone().key());
    if (giver.filter(phone -> phone.role() == Role.OWNER).isEmpty()) {
      return new Change.NotAllowed();
    }
    Phone heir = withRole(found.get(), Role.OWNER);
    Phone former = withRole(giver.get(), Role.ADMIN);
    update(before -> before.with(heir).with(former).withRecoveryCard(Optional.empty()));
    listeners.forEach(listener -> listener.changed(heir));
    listeners.forEach(listener -> listener.changed(former));
    return new Change.Done(heir);
  }

  private static Phone withRole(Phone phone, Role role) {
    return new Phone(
        phone.certificate(),
        phone.key(),
        phone.name(),
        role,
        phone.status(),
        phone.epoch(),
        phone.addedBy(),
        phone.lastSeen(),
        Optional.empty());
  }

  /**
   * An owner decides about everybody, an admin about users and guests. What counts is the list now,
   * not when the request came in: somebody may have removed who asks.
   */
  private boolean mayDecideAbout(AuthenticatedPhone by, Role role) {
    return state
        .find(by.phone().key())
        .map(Phone::role)
        .filter(own -> own == Role.OWNER || (own == Role.ADMIN && own.isAbove(role)))
        .isPresent();
  }

  /** The phone of this id. */
  public Optional<Phone> byId(String id) {
    return all().stream().filter(phone -> phone.id().equals(id)).findFirst();
  }

  /** Counts a failed pairing; on disk when it returns. */
  public synchronized int addFailure() throws IOException {
    update(before -> before.withFailures(before.failures() + 1));
    return state.failures();
  }

  /** Takes back a failure that was counted in advance. */
  public synchronized void takeBackFailure() throws IOException {
    update(before -> before.withFailures(Math.max(0, before.failures() - 1)));
  }

  /** Somebody trusted opens a window. */
  public synchronized void forgetFailures() throws IOException {
    if (state.failures() > 0) {
      update(before -> before.withFailures(0));
    }
  }

  /** A new card; the one before it is good for nothing any more. */
  public void setRecoveryCard(PairingSecret card) throws IOException {
    update(before -> before.withRecoveryCard(Optional.of(card)));
  }

  /** An owner told the time. */
  public void keepTime(Instant time) throws IOException {
    update(before ->
        before.timeFloor().filter(floor -> floor.isAfter(time)).isPresent()
            ? before
            : before.withTimeFloor(time));
  }

  /**
   * Begins anew: no phones, another authority for them, the next epoch.
   *
   * @param begin when that authority's certificate begins
   */
  public void reset(Instant begin) throws IOException {
    List<Phone> gone;
    synchronized (this) {
      gone = new ArrayList<>(state.phones());
      PhoneAuthority authority = PhoneAuthority.create(hub, begin, random);
      long next = state.epoch() + 1;
      update(before -> HubState.begin(next, authority));
      lastSeen.clear();
    }
    gone.forEach(this::tellRemoved);
  }

  private void tellRemoved(Phone phone) {
    listeners.forEach(listener -> listener.removed(Objects.requireNonNull(phone)));
  }
}
