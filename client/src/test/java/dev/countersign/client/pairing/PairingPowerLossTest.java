// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.PhoneClient;
import dev.countersign.client.PhoneClient.Opening;
import dev.countersign.protocol.pairing.HubId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Power that fails at any step of a pairing leaves nothing, or what can be confirmed")
final class PairingPowerLossTest {
  private static final TestMaker MAKER = new TestMaker("maker");

  /** More than a pairing has, so that the last run is one without a failure. */
  private static final int MOST_STEPS = 40;

  @TempDir private Path directory;

  @Test
  @DisplayName("before and after each thing that is stored, at the first pairing and at the second")
  void survives_each_step() throws Exception {
    int steps = 0;
    try (FakeHub hub = FakeHub.start(MAKER.hub())) {
      for (boolean again : List.of(false, true)) {
        boolean ended = false;
        for (int step = 1; !ended; step++) {
          assertThat(step).isLessThan(MOST_STEPS);
          ended = survives(hub, directory.resolve(again + "-" + step), step, again);
          steps++;
        }
      }
    }
    assertThat(steps).as("steps at which the power can fail").isGreaterThan(10);
  }

  /** Whether the pairing ended before the power failed. */
  private static boolean survives(FakeHub hub, Path state, int step, boolean again)
      throws Exception {
    HubId id = hub.identity().id();
    var disk = new FilePhoneStorage(state);
    if (again) {
      PhoneClient.of(disk).pair(hub.code(), "A", hub.address());
    }
    var power = new Power(step);
    long confirmed = confirmations(hub);
    boolean failed = false;
    try {
      PhoneClient.of(new PowerLossStorage(disk, power)).pair(hub.code(), "A", hub.address());
    } catch (PowerLoss e) {
      failed = true;
    }

    boolean isOnTheList = confirmations(hub) > confirmed;
    // Whatever is there: a phone that is opened, or paired once more, is paired with one key.
    PhoneClient phone = PhoneClient.of(new FilePhoneStorage(state));
    Opening opening = phone.open(id);
    if (again || isOnTheList) {
      // The code is spent by then: who is on the hub's list must be able to come back.
      assertThat(opening).isInstanceOf(Opening.Opened.class);
    }
    if (!(opening instanceof Opening.Opened)) {
      assertThat(phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(PairingResult.Paired.class);
      assertThat(phone.open(id)).isInstanceOf(Opening.Opened.class);
    }
    assertThat(disk.pending()).isEmpty();
    // A key that the failure left over goes with the next pairing.
    phone.pair(hub.code(), "A", hub.address());
    assertThat(disk.keys().handles()).containsExactly(disk.hubs().getFirst().phone().keyHandle());
    return !failed;
  }

  private static long confirmations(FakeHub hub) {
    return hub.requests.stream().filter("cs/1 POST /confirm"::equals).count();
  }

  private static final class PowerLoss extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Fails at the nth step; and after that nothing works any more. */
  private static final class Power {
    private int left;

    Power(int left) {
      this.left = left;
    }

    void step() {
      left--;
      if (left <= 0) {
        throw new PowerLoss();
      }
    }
  }

  private record PowerLossStorage(FilePhoneStorage disk, Power power) implements PhoneStorage {
    @Override
    public List<StoredHub> hubs() throws IOException {
      return disk.hubs();
    }

    @Override
    public List<StoredHub> pending() throws IOException {
      return disk.pending();
    }

    @Override
    public void begin(StoredHub pairing) throws IOException {
      power.step();
      disk.begin(pairing);
      power.step();
    }

    @Override
    public void keep(StoredHub pairing) throws IOException {
      power.step();
      if (power.left == 1) {
        // Between the two files of one call: what holds is there, what waits is still there.
        var waiting = disk.pending(pairing.id());
        disk.keep(pairing);
        if (waiting.isPresent()) {
          disk.begin(waiting.get());
        }
      } else {
        disk.keep(pairing);
      }
      power.step();
    }

    @Override
    public void abandon(HubId hub) throws IOException {
      power.step();
      disk.abandon(hub);
      power.step();
    }

    @Override
    public void remove(HubId hub) throws IOException {
      power.step();
      disk.remove(hub);
      power.step();
    }

    @Override
    public PhoneKeys keys() {
      return new PowerLossKeys(disk.keys(), power);
    }
  }

  private record PowerLossKeys(PhoneKeys disk, Power power) implements PhoneKeys {
    @Override
    public KeyPair create(String handle) throws IOException, GeneralSecurityException {
      power.step();
      KeyPair key = disk.create(handle);
      power.step();
      return key;
    }

    @Override
    public KeyPair open(String handle) throws IOException, GeneralSecurityException {
      power.step();
      return disk.open(handle);
    }

    @Override
    public void delete(String handle) throws IOException, GeneralSecurityException {
      power.step();
      disk.delete(handle);
      power.step();
    }

    @Override
    public Set<String> handles() throws IOException, GeneralSecurityException {
      return disk.handles();
    }
  }
}
