// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import dev.countersign.protocol.pairing.Role;

/**
 * A phone that has proven its key in a TLS handshake, and is on the list. Only {@link
 * PhoneAuthenticator} makes it, anew for each request.
 */
public final class AuthenticatedPhone {
  private final Phone phone;

  AuthenticatedPhone(Phone phone) {
    this.phone = phone;
  }

  /** Its entry when the request came in. */
  public Phone phone() {
    return phone;
  }

  /** What it may do. */
  public Role role() {
    return phone.role();
  }

  @Override
  public String toString() {
    return "AuthenticatedPhone[" + phone.id() + "]";
  }
}
