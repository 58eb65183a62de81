// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import dev.countersign.hub.device.DeviceCommand;
import dev.countersign.hub.device.HubDevice;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A door that does what it is told, and remembers who told it. */
public final class TestDoor implements HubDevice {
  private final List<DeviceCommand> done = new ArrayList<>();
  private Runnable listener = () -> {};
  private String lock = "locked";
  private volatile boolean hanging;
  private final CountDownLatch hung = new CountDownLatch(1);

  @Override
  public String model() {
    return "Test door";
  }

  @Override
  public synchronized Map<String, Scalar> state() {
    return Map.of("lock", new Scalar.Text(lock), "done", new Scalar.Numeric(done.size()));
  }

  @Override
  public Map<String, Role> commands() {
    return Map.of("lock", Role.USER, "ring", Role.GUEST, "alarm", Role.ADMIN, "wipe", Role.OWNER);
  }

  @Override
  public Outcome execute(DeviceCommand command) {
    while (hanging) {
      hung.countDown();
      LockSupport.park();
    }
    Runnable told;
    synchronized (this) {
      if (command.name().equals("lock")) {
        if (!(command.value() instanceof Scalar.Text(String wanted))
            || !List.of("locked", "unlocked").contains(wanted)) {
          return new Outcome.Refused("lock: expected locked or unlocked");
        }
        lock = wanted;
      }
      done.add(command);
      told = listener;
    }
    told.run();
    return new Outcome.Done();
  }

  @Override
  public synchronized void whenChanged(Runnable told) {
    listener = told;
  }

  /** From now on no command comes back, whoever interrupts it. */
  public void hang() {
    hanging = true;
  }

  /** Waits until one hangs. */
  public void awaitHanging() throws InterruptedException {
    hung.await();
  }

  /** What was done, in order. */
  public synchronized List<DeviceCommand> done() {
    return List.copyOf(done);
  }
}
