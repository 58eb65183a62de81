// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fits the number of connections to the files that this process may have open. */
final class OpenFiles {
  private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);

  private OpenFiles() {}

  /** Each may have as many connections as the setting says. */
  private static final int DEVICE_LISTENERS = 2;

  /** The same configuration, with fewer connections if the operating system allows no more. */
  static ServerConfig fit(ServerConfig config) {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? fit(config, unix.getMaxFileDescriptorCount())
        : config;
  }

  /** A quarter is for the stores and the other listeners; a connection that got none would wait. */
  static ServerConfig fit(ServerConfig config, long maxFiles) {
    int wanted = config.limits().connections().max();
    int possible = Math.clamp((maxFiles - maxFiles / 4) / DEVICE_LISTENERS, 10, Integer.MAX_VALUE);
    if (wanted <= possible) {
      return config;
    }
    return config.withMaxConnections(possible);
  }

  /**
   * Says what was lowered; once it serves, for before that it would stand beside what stopped it.
   */
  static void tell(ServerConfig wanted, ServerConfig fitted) {
    int max = fitted.limits().connections().max();
    if (max < wanted.limits().connections().max()) {
      log.info(
          "limits.connections.max={} lowered_to={} remedy=\"raise the limit of open files (ulimit"
              + " -n, LimitNOFILE=) or lower the setting\"",
          wanted.limits().connections().max(),
          max);
    }
  }
}
