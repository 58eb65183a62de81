// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;

/** Limits that the operating system sets to the process. */
public final class ProcessAttention implements AttentionSource {
  private static final double NEAR = 0.8;

  private final LongSupplier open;
  private final LongSupplier most;

  /**
   * @param open file descriptors in use
   * @param most how many the process may have; 0 if that is unknown
   */
  public ProcessAttention(LongSupplier open, LongSupplier most) {
    this.open = open;
    this.most = most;
  }

  /** Of this process, where the platform tells. */
  public static ProcessAttention ofThisProcess() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? new ProcessAttention(unix::getOpenFileDescriptorCount, unix::getMaxFileDescriptorCount)
        : new ProcessAttention(() -> 0, () -> 0);
  }

  @Override
  public List<Attention> look() {
    long used = open.getAsLong();
    long limit = most.getAsLong();
    if (limit <= 0 || used < limit * NEAR) {
      return List.of();
    }
    return List.of(
        new Attention(
            "file-descriptors",
            used + " of " + limit + " file descriptors are in use, one per connection",
            "raise LimitNOFILE of the service, or 'ulimit -n' before the start"));
  }
}
