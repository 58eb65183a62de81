// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.DeviceValidity;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.server.registry.Device;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * The device CA with what it writes into every certificate. Names come from the registry alone.
 *
 * @param name how the ledger calls this authority
 * @param organization the O of every subject
 * @param enterpriseNumber the maker's IANA number, for the URN of a device (RFC 9039)
 */
public record DeviceIssuer(
    String name, CertificateAuthority authority, String organization, long enterpriseNumber) {
  X509Certificate issue(Device device, VerifiedRequest request, Instant at) {
    return authority.issueDevice(
        request,
        new DeviceName(organization, enterpriseNumber, device.serial()),
        DeviceValidity.forDevice(device.hasClock()),
        at);
  }
}
