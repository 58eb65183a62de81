// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

/** How long a device's certificate lives. */
public enum DeviceValidity {
  /** Ninety days, and renewed before. */
  RENEWED,
  /**
   * 99991231235959Z, "no well-defined expiration" (RFC 5280 §4.1.2.5): for models without a clock.
   * The registry's status is what ends it, and it outlives its issuer.
   */
  WITHOUT_END;

  /** What a model needs. */
  public static DeviceValidity forDevice(boolean hasClock) {
    return hasClock ? RENEWED : WITHOUT_END;
  }
}
