// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import dev.countersign.server.fleet.DeviceDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Devices that stopped talking. */
public final class SilenceAttention implements AttentionSource {
  private static final Duration SILENCE = Duration.ofDays(7);

  private final DeviceDirectory devices;
  private final Clock clock;

  public SilenceAttention(DeviceDirectory devices, Clock clock) {
    this.devices = devices;
    this.clock = clock;
  }

  @Override
  public List<Attention> look() {
    long silent = devices.countSilentSince(clock.instant().minus(SILENCE));
    return silent == 0
        ? List.of()
        : List.of(
            new Attention(
                "devices-silent",
                silent + " active devices were not seen for 7 days",
                "'device list --status active' shows when each was seen last"));
  }
}
