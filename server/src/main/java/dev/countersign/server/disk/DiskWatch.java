// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.disk;

import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the room on the disk, and at the stores that could not write, whenever {@link #check} is
 * called. Says each change once in the log. Between two looks it answers from memory.
 */
public final class DiskWatch implements Room {
  private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);

  /** How space is asked for. */
  @FunctionalInterface
  public interface Probe {
    FreeSpace of(Path path) throws IOException;
  }

  /**
   * A directory and what was last seen of it.
   *
   * @param space empty if that could not be found out
   */
  public record Place(String name, Path path, Optional<FreeSpace> space, DiskState state) {}

  private final DiskLimits limits;
  private final Probe probe;
  private final List<WatchedStore> stores;
  private final Map<String, String> failures = new LinkedHashMap<>();
  private volatile List<Place> places;
  private volatile Map<String, String> failing = Map.of();
  private volatile DiskState state = DiskState.ROOM;

  /**
   * @param directories what is written to, by a name for logs and metrics
   */
  public DiskWatch(
      DiskLimits limits, Map<String, Path> directories, List<WatchedStore> stores, Probe probe) {
    this.limits = limits;
    this.probe = probe;
    this.stores = List.copyOf(stores);
    var unseen = new ArrayList<Place>();
    directories.forEach(
        (name, path) -> unseen.add(new Place(name, path, Optional.empty(), DiskState.ROOM)));
    this.places = List.copyOf(unseen);
  }

  /** Looks again. What a failing store is asked to try shows at the next look. */
  public synchronized void check() {
    var seen = new ArrayList<Place>();
    DiskState worst = DiskState.ROOM;
    for (Place place : places) {
      Place now = look(place);
      seen.add(now);
      worst = now.state().compareTo(worst) > 0 ? now.state() : worst;
    }
    places = List.copyOf(seen);
    state = worst;
    stores.forEach(this::look);
    failing = Map.copyOf(failures);
  }

  private Place look(Place before) {
    Optional<FreeSpace> space = measure(before);
    if (space.isEmpty()) {
      return new Place(before.name(), before.path(), space, before.state());
    }
    DiskState now = limits.judge(space.get(), before.state());
    if (now != before.state()) {
      report(before, now, space.get());
    }
    return new Place(before.name(), before.path(), space, now);
  }

  /** A file system without a size tells nothing, and one that does not answer no more. */
  private Optional<FreeSpace> measure(Place place) {
    try {
      FreeSpace space = probe.of(place.path());
      return space.totalBytes() > 0 ? Optional.of(space) : Optional.empty();
    } catch (IOException e) {
      if (place.space().isPresent()) {
        log.warn("disk=unknown directory={} cause={}", place.name(), e.toString());
      }
      return Optional.empty();
    }
  }

  private void report(Place place, DiskState now, FreeSpace space) {
    switch (now) {
      case ROOM ->
          log.info(
              "disk=room directory={} path={} free_bytes={}",
              place.name(),
              place.path(),
              space.freeBytes());
      case LOW ->
          log.warn(
              "disk=low directory={} path={} free_bytes={} stop_free_bytes={}",
              place.name(),
              place.path(),
              space.freeBytes(),
              limits.stopFreeBytes());
      case FULL ->
          log.error(
              "disk=full directory={} path={} free_bytes={} stop_free_bytes={} refused=devices",
              place.name(),
              place.path(),
              space.freeBytes(),
              limits.stopFreeBytes());
    }
  }

  private void look(WatchedStore store) {
    @Nullable String cause = store.failure().get().orElse(null);
    if (cause == null) {
      if (failures.remove(store.name()) != null) {
        log.info("store={} writes=recovered", store.name());
      }
      return;
    }
    if (failures.put(store.name(), cause) == null) {
      log.error("store={} writes=failing cause={}", store.name(), cause);
    }
    try {
      store.tryAgain().run();
    } catch (DatabaseException e) {
      log.debug("store={} try_again={}", store.name(), e.toString());
    }
  }

  @Override
  public void require() {
    if (state == DiskState.FULL) {
      throw new DiskFullException("less room is left than disk.stopFreeBytes");
    }
  }

  /** The worst of all directories. */
  public DiskState state() {
    return state;
  }

  /** Whether devices can have something stored now. */
  public boolean takesWrites() {
    return state != DiskState.FULL && failing.isEmpty();
  }

  public List<Place> places() {
    return places;
  }

  /** What is free for a directory; not a number if that is unknown. */
  public double freeBytes(String name) {
    return places.stream()
        .filter(place -> place.name().equals(name))
        .flatMap(place -> place.space().stream())
        .mapToDouble(FreeSpace::freeBytes)
        .findFirst()
        .orElse(Double.NaN);
  }

  public List<WatchedStore> stores() {
    return stores;
  }

  /** Stores whose last write failed, with the cause. */
  public Map<String, String> failing() {
    return failing;
  }

  public DiskLimits limits() {
    return limits;
  }
}
