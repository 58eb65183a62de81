// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.server.registry.Device;
import java.util.Optional;

/**
 * A device that proved who it is, on this request. Only {@link DeviceAuthenticator} makes it.
 *
 * <p><b>Security guarantees.</b> It holds a key that counts, and its device is active, all as of
 * the last committed change: the key of a certificate that verified, is in the ledger and was not
 * revoked or retired; or one that comes from its pre-set secret, at a level that is still open to
 * it.
 */
public final class AuthenticatedDevice {
  /** What it proved itself with. */
  sealed interface Proof {
    /** A certificate of the ledger. */
    record Certificate(Sha256 keyHash, long id) implements Proof {}

    /** A key from its pre-set secret. */
    record Secret(KeyId keyId, int generation, int level) implements Proof {}
  }

  private final Device device;
  private final Proof proof;

  AuthenticatedDevice(Device device, Proof proof) {
    this.device = device;
    this.proof = proof;
  }

  public long id() {
    return device.id();
  }

  public DeviceSerial serial() {
    return device.serial();
  }

  /** The registry's row, as of this request. */
  public Device device() {
    return device;
  }

  /** The key it used, for provenance: a certificate's key hash, or a key id, in hexadecimal. */
  public String keyId() {
    return switch (proof) {
      case Proof.Certificate certificate -> certificate.keyHash().hex();
      case Proof.Secret secret -> secret.keyId().hex();
    };
  }

  /** The ledger's number of the certificate it used; empty if it used none. */
  public Optional<Long> certificateId() {
    return proof instanceof Proof.Certificate certificate
        ? Optional.of(certificate.id())
        : Optional.empty();
  }

  /** The generation of the secret it used; empty if it used a certificate. */
  public Optional<Integer> generation() {
    return proof instanceof Proof.Secret secret
        ? Optional.of(secret.generation())
        : Optional.empty();
  }

  /** How it proved itself; one of {@link Level}. */
  public int level() {
    return switch (proof) {
      case Proof.Certificate _ -> Level.MUTUAL_TLS;
      case Proof.Secret secret -> secret.level();
    };
  }

  @Override
  public String toString() {
    return "AuthenticatedDevice[" + serial() + ", level " + level() + "]";
  }
}
