// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import java.time.Instant;

/**
 * What a device asks for between settings: whether there is something newer than what it runs.
 *
 * @param minReleaseSequence the oldest release the device may run; 0 while there is none
 * @param trustBundleVersion the newest trust bundle; 0 while there is none
 * @param serverTime the server's clock, to the second
 */
public record ReleaseNotice(long minReleaseSequence, long trustBundleVersion, Instant serverTime) {
  public ReleaseNotice {
    if (minReleaseSequence < 0 || trustBundleVersion < 0) {
      throw new IllegalArgumentException("versions are not negative");
    }
  }
}
