// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * What a phone shows to a hub that it is paired with.
 *
 * @param privateKey a handle is enough, as Android's key store gives it: it is only used with
 *     {@code Signature}, and need not have an encoding
 */
public record PhoneIdentity(PrivateKey privateKey, X509Certificate certificate) {
  @Override
  public String toString() {
    return "PhoneIdentity[key hidden]";
  }
}
