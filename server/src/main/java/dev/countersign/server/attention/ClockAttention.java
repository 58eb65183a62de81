// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import dev.countersign.server.timekeeping.ClockWatch;
import java.util.List;

/** A clock that cannot be right, or was not a moment ago. */
public final class ClockAttention implements AttentionSource {
  private final ClockWatch watch;

  public ClockAttention(ClockWatch watch) {
    this.watch = watch;
  }

  @Override
  public List<Attention> look() {
    return switch (watch.verdict()) {
      case ClockWatch.Verdict.Good _ -> List.of();
      case ClockWatch.Verdict.Behind behind ->
          List.of(
              new Attention(
                  "clock-behind",
                  "this machine's clock is behind: the server ran at "
                      + behind.known()
                      + " already",
                  "set the clock, for certificates are judged and issued by it. If it is right,"
                      + " delete the file 'clock' of the data directory and restart"));
      case ClockWatch.Verdict.Jumped jumped ->
          List.of(
              new Attention(
                  "clock-jumped",
                  "this machine's clock went ahead by " + jumped.by().toHours() + " hours",
                  "see whether it is right. No reading is deleted for its age until "
                      + jumped.trustedFrom()));
    };
  }
}
