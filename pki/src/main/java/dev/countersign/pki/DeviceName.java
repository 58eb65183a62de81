// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.protocol.DeviceSerial;

/**
 * Who a device is, from the registry.
 *
 * @param organization the maker, 1 to 64 characters
 * @param privateEnterpriseNumber the maker's number at IANA, at least 1; {@link
 *     #EXAMPLE_ENTERPRISE_NUMBER} until there is one
 */
public record DeviceName(String organization, long privateEnterpriseNumber, DeviceSerial serial) {
  /** Belongs to nobody (RFC 5612 §2). */
  public static final long EXAMPLE_ENTERPRISE_NUMBER = 32_473;

  /** RFC 2578 §7.1.3: a sub-identifier has 32 bits. */
  private static final long MAX_ENTERPRISE_NUMBER = 0xFFFF_FFFFL;

  public DeviceName {
    Subjects.requireText("organization", organization);
    if (privateEnterpriseNumber < 1 || privateEnterpriseNumber > MAX_ENTERPRISE_NUMBER) {
      throw new IllegalArgumentException(
          "privateEnterpriseNumber: expected 1 to 4294967295, got " + privateEnterpriseNumber);
    }
  }

  /** {@code urn:dev:os:<PEN>-<serial>} (RFC 9039 §4.2). A serial's characters need no escaping. */
  public String urn() {
    return "urn:dev:os:" + privateEnterpriseNumber + "-" + serial.value();
  }
}
