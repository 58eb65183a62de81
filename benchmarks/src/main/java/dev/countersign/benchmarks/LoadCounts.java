// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What happened in a run. For the client's one thread; the server's CPU time is read at the moment
 * counting begins and at the moment it ends.
 */
final class LoadCounts {
  private static final double MICROS = 1e3;

  private final LoadOptions options;
  private final long[] latencyNanos;
  private int completed;
  private int connections;
  private long beganNanos;
  private long endedNanos;
  private Duration cpuAtBegin = Duration.ZERO;
  private Duration cpuAtEnd = Duration.ZERO;

  LoadCounts(LoadOptions options) {
    this.options = options;
    this.latencyNanos = new long[options.operations()];
  }

  void connected() {
    connections++;
  }

  int connections() {
    return connections;
  }

  /** One operation more, begun so long ago. True when it was the last. */
  boolean completed(long sinceNanos) {
    if (completed == options.warmup()) {
      cpuAtBegin = serverCpu();
      beganNanos = System.nanoTime();
    }
    int index = completed++ - options.warmup();
    if (index >= 0 && index < latencyNanos.length) {
      latencyNanos[index] = System.nanoTime() - sinceNanos;
    }
    if (index != latencyNanos.length - 1) {
      return false;
    }
    endedNanos = System.nanoTime();
    cpuAtEnd = serverCpu();
    return true;
  }

  /** User and system time of the server and its children, from /proc/PID/stat. */
  private Duration serverCpu() {
    ProcessHandle server =
        ProcessHandle.of(options.serverPid())
            .orElseThrow(() -> new IllegalStateException("the server is gone"));
    return cpu(server)
        .plus(server.descendants().map(LoadCounts::cpu).reduce(Duration.ZERO, Duration::plus));
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** One line of {@code name=value}. */
  String report(long fullHandshakes) {
    double seconds = (endedNanos - beganNanos) / 1e9;
    double cpuMicros = cpuAtEnd.minus(cpuAtBegin).toNanos() / MICROS;
    Arrays.sort(latencyNanos);
    return String.format(
        Locale.ROOT,
        "cpu_us_per_op=%.2f ops=%d ops_per_s=%.0f p50_us=%.0f p99_us=%.0f connections=%d"
            + " full_handshakes=%d status=%d",
        cpuMicros / latencyNanos.length,
        latencyNanos.length,
        latencyNanos.length / seconds,
        percentile(0.50) / MICROS,
        percentile(0.99) / MICROS,
        connections,
        fullHandshakes,
        options.status());
  }

  private double percentile(double share) {
    return latencyNanos[(int) Math.min(latencyNanos.length - 1, share * latencyNanos.length)];
  }
}
