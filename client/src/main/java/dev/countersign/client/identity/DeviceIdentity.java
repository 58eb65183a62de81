// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.identity;

import dev.countersign.protocol.DeviceSerial;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A device's key and certificate, and the root by which it knows its server. Immutable.
 *
 * <p>On platforms with a key store the private key is a handle; it never needs to show itself.
 */
public final class DeviceIdentity {
  private final DeviceSerial serial;
  private final PrivateKey privateKey;
  private final X509Certificate certificate;
  private final X509Certificate root;

  public DeviceIdentity(
      DeviceSerial serial,
      PrivateKey privateKey,
      X509Certificate certificate,
      X509Certificate root) {
    this.serial = serial;
    this.privateKey = privateKey;
    this.certificate = certificate;
    this.root = root;
  }

  public DeviceSerial serial() {
    return serial;
  }

  /** For TLS, which signs with it. */
  public PrivateKey privateKey() {
    return privateKey;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** What is shown to the server, which knows its own authorities. */
  public List<X509Certificate> chain() {
    return List.of(certificate);
  }

  /** What the server is verified by. */
  public X509Certificate root() {
    return root;
  }

  @Override
  public String toString() {
    return "DeviceIdentity[" + serial + ", key hidden]";
  }
}
