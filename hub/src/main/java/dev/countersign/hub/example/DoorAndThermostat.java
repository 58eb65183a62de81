// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.example;

import dev.countersign.hub.device.DeviceCommand;
import dev.countersign.hub.device.HubDevice;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Scalar.Flag;
import dev.countersign.protocol.Scalar.Numeric;
import dev.countersign.protocol.Scalar.Text;
import dev.countersign.protocol.pairing.Role;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A door with a lock and a thermostat behind it.
 *
 * <p>{@code lock=locked} or {@code unlocked} and {@code target=21.5} (5 to 30 °C) are for users;
 * {@code open=true} unlocks the door and is all that a guest may; {@code reset-alarm=true} is for
 * admins. The room follows the target at a tenth of a degree every six seconds; below 7 °C the
 * frost alarm goes off and stays until somebody resets it.
 *
 * <p>Safe for use by many threads.
 */
public final class DoorAndThermostat implements HubDevice {
  private static final double MIN_TARGET_CELSIUS = 5;
  private static final double MAX_TARGET_CELSIUS = 30;
  private static final double FROST_CELSIUS = 7;
  private static final int TENTHS = 10;

  /** One degree a minute. */
  private static final long NANOS_PER_TENTH = 6_000_000_000L;

  private static final String LOCKED = "locked";
  private static final String UNLOCKED = "unlocked";

  private final LongSupplier nanoTime;

  // All guarded by this; temperatures in tenths of a degree, so that they meet exactly.
  private Runnable listener = () -> {};
  private boolean locked = true;
  private int target = 20 * TENTHS;
  private int room = 18 * TENTHS;
  private boolean alarm;
  private long roomNanos;

  /**
   * A locked door and a room of 18 °C that should have 20.
   *
   * @param nanoTime a time that only rises, as {@link System#nanoTime}: a hub may not know the date
   */
  public DoorAndThermostat(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.roomNanos = nanoTime.getAsLong();
  }

  @Override
  public String model() {
    return "Door and thermostat";
  }

  @Override
  public Map<String, Role> commands() {
    return Map.of(
        "lock", Role.USER, "target", Role.USER, "open", Role.GUEST, "reset-alarm", Role.ADMIN);
  }

  @Override
  public synchronized void whenChanged(Runnable listener) {
    this.listener = listener;
  }

  @Override
  public synchronized Map<String, Scalar> state() {
    var state = new TreeMap<String, Scalar>();
    state.put("lock", new Text(locked ? LOCKED : UNLOCKED));
    state.put("target", celsius(target));
    state.put("temperature", celsius(room));
    state.put("heating", new Flag(room < target));
    state.put("alarm", new Flag(alarm));
    return state;
  }

  private static Numeric celsius(int tenths) {
    return new Numeric(tenths / (double) TENTHS);
  }

  @Override
  public Outcome execute(DeviceCommand command) {
    Runnable told;
    synchronized (this) {
      Outcome outcome =
          switch (command.name()) {
            case "lock" -> turnLock(command.value());
            case "open" -> open(command.value());
            case "target" -> aim(command.value());
            case "reset-alarm" -> resetAlarm(command.value());
            // The hub asks only for what commands() has.
            default -> throw new IllegalArgumentException("no such command");
          };
      if (outcome instanceof Outcome.Refused) {
        return outcome;
      }
      told = listener;
    }
    told.run();
    return new Outcome.Done();
  }

  private Outcome turnLock(Scalar value) {
    boolean lock = value.equals(new Text(LOCKED));
    if (!lock && !value.equals(new Text(UNLOCKED))) {
      return new Outcome.Refused("lock: expected locked or unlocked, got " + value.json());
    }
    locked = lock;
    return new Outcome.Done();
  }

  private Outcome open(Scalar value) {
    if (!value.equals(new Flag(true))) {
      return new Outcome.Refused("open: expected true, got " + value.json());
    }
    locked = false;
    return new Outcome.Done();
  }

  private Outcome aim(Scalar value) {
    if (!(value instanceof Numeric(double celsius))
        || celsius < MIN_TARGET_CELSIUS
        || celsius > MAX_TARGET_CELSIUS) {
      return new Outcome.Refused("target: expected 5 to 30 °C, got " + value.json());
    }
    // What the room did so far, it did towards the old target.
    advance();
    target = (int) Math.round(celsius * TENTHS);
    return new Outcome.Done();
  }

  private Outcome resetAlarm(Scalar value) {
    if (!value.equals(new Flag(true))) {
      return new Outcome.Refused("reset-alarm: expected true, got " + value.json());
    }
    advance();
    if (isFrost()) {
      return new Outcome.Refused(
          "reset-alarm: expected 7 °C or more in the room, got " + celsius(room).json());
    }
    alarm = false;
    return new Outcome.Done();
  }

  /** Lets the room follow the time; tells the hub if that shows. To be called every few seconds. */
  public void tick() {
    Runnable told;
    synchronized (this) {
      if (!advance()) {
        return;
      }
      told = listener;
    }
    told.run();
  }

  private boolean advance() {
    long now = nanoTime.getAsLong();
    long steps = (now - roomNanos) / NANOS_PER_TENTH;
    if (steps <= 0) {
      return false;
    }
    roomNanos += steps * NANOS_PER_TENTH;
    int before = room;
    int way = target - room;
    room += Integer.signum(way) * (int) Math.min(steps, Math.abs(way));
    alarm |= isFrost();
    return room != before;
  }

  private boolean isFrost() {
    return room < FROST_CELSIUS * TENTHS;
  }
}
