// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.util.Random;

/**
 * What the file queue promises, in memory: what was taken stays, a message keeps its number and its
 * content until it is acknowledged, and that it was acknowledged may be forgotten.
 */
final class PowerLossQueue {
  private final Power power;
  private final Random random;
  private int taken;
  private int acknowledged;
  private int durablyAcknowledged;
  private int end;

  PowerLossQueue(Power power, Random random) {
    this.power = power;
    this.random = random;
  }

  int taken() {
    return taken;
  }

  int waiting() {
    return taken - acknowledged;
  }

  /** Takes the next readings; they are numbers that count. */
  void offer(int readings) {
    power.moment();
    taken += readings;
    power.moment();
  }

  /** The numbers of the message that is on its way: from this one … */
  int begin() {
    if (end == acknowledged) {
      power.moment();
      durablyAcknowledged = acknowledged;
      end = Math.min(taken, acknowledged + 1 + random.nextInt(5));
      power.moment();
    }
    return acknowledged;
  }

  /** … up to and without this one. */
  int end() {
    return end;
  }

  void acknowledge() {
    power.moment();
    acknowledged = end;
    power.moment();
  }

  /** What was not synced may be gone. */
  void restart() {
    if (random.nextBoolean()) {
      acknowledged = durablyAcknowledged;
    }
  }
}
