// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import dev.countersign.protocol.ReleaseTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An instant that has certainly passed, for devices that cannot trust their clock. It only rises:
 * with the begin of certificates that were verified, with the time an authenticated server told,
 * and with the time this process ran since.
 *
 * <p><b>Security guarantees.</b> Neither a certificate nor a server raises it above the end of the
 * certificates that were verified: whoever was accepted once cannot, by a wrong clock, make the
 * device refuse the same server from then on.
 *
 * <p>Safe for use by many threads.
 */
public final class TimeFloor {
  /** Written so often at most, for flash memory wears out: a floor that is older is still one. */
  private static final Duration STORED_EVERY = Duration.ofHours(1);

  /** Where a floor outlives the process. */
  public interface Storage {
    /** The floor that was stored last. */
    Optional<Instant> load() throws IOException;

    /** Keeps this floor; durable when it returns. */
    void store(Instant floor) throws IOException;
  }

  private final Storage storage;
  private final Consumer<IOException> onFailure;
  private Instant stored;
  private Instant floor;
  private long raisedAtNanos;

  /** The end of the path that was verified last; nothing is believed beyond. */
  private Instant vouchedUntil = Instant.MIN;

  private TimeFloor(Storage storage, Instant stored, Consumer<IOException> onFailure) {
    this.storage = storage;
    this.onFailure = onFailure;
    this.stored = stored;
    // No device that runs this SDK lives before it was made.
    this.floor = stored.isAfter(ReleaseTime.EARLIEST) ? stored : ReleaseTime.EARLIEST;
    this.raisedAtNanos = System.nanoTime();
  }

  /** A floor that is forgotten with the process. */
  public TimeFloor() {
    this(new Forgetful(), Instant.MIN, e -> {});
  }

  /**
   * A floor that is stored.
   *
   * @param onFailure told when the storage fails; the floor rises all the same, and is stored the
   *     next time
   * @throws IOException if what is stored cannot be read
   */
  public static TimeFloor stored(Storage storage, Consumer<IOException> onFailure)
      throws IOException {
    return new TimeFloor(storage, storage.load().orElse(Instant.MIN), onFailure);
  }

  /** The floor now: what it was raised to, and the time since. */
  public synchronized Instant instant() {
    return floor.plusNanos(System.nanoTime() - raisedAtNanos);
  }

  /**
   * A path was verified.
   *
   * @param begin the latest begin in it
   * @param end the earliest end in it
   */
  synchronized void verified(Instant begin, Instant end) {
    vouchedUntil = end;
    raise(begin);
  }

  /** An authenticated server told its time. */
  public synchronized void told(Instant serverTime) {
    raise(serverTime);
  }

  private void raise(Instant passed) {
    Instant believed = passed.isAfter(vouchedUntil) ? vouchedUntil : passed;
    if (!believed.isAfter(instant())) {
      return;
    }
    floor = believed;
    raisedAtNanos = System.nanoTime();
    if (stored.equals(Instant.MIN) || floor.isAfter(stored.plus(STORED_EVERY))) {
      try {
        storage.store(floor);
        stored = floor;
      } catch (IOException e) {
        onFailure.accept(e);
      }
    }
  }

  private static final class Forgetful implements Storage {
    @Override
    public Optional<Instant> load() {
      return Optional.empty();
    }

    @Override
    public void store(Instant floor) {
      // nothing outlives this process
    }
  }
}
