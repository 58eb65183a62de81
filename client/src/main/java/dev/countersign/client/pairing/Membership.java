// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;

/**
 * What a phone is on a hub.
 *
 * @param certificate the phone's, by the hub
 * @param phoneCa the hub's authority for phones
 * @param keyHandle the phone's key in its {@link PhoneKeys}
 * @param name as the phone called itself
 * @param role when it was paired; the hub knows the present one
 * @param epoch of the hub, which a factory reset raises
 */
public record Membership(
    X509Certificate certificate,
    X509Certificate phoneCa,
    String keyHandle,
    String name,
    Role role,
    long epoch) {
  private static final int ID_CHARS = 16;

  /** What names this phone on the hub: the first 16 hexadecimal digits of its key's hash. */
  public String phoneId() {
    Sha256 key = Certificates.keyHash(certificate);
    return key.hex().substring(0, ID_CHARS);
  }
}
