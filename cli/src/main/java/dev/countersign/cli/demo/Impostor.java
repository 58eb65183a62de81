// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.IdentityStorage;
import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.DeviceValidity;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.CertificateRequest;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/** A device that has all of another's but what its maker's authority signed. */
record Impostor(DeviceIdentity identity) implements IdentityStorage {
  /** An identity of the same name. */
  static IdentityStorage of(DeviceIdentity genuine)
      throws ProtocolException, GeneralSecurityException {
    var random = new SecureRandom();
    Instant now = genuine.certificate().getNotBefore().toInstant();
    SigningKey rootKey = SigningKey.generate(KeyKind.P384, random);
    CertificateAuthority root =
        CertificateAuthority.createRoot("Impostor root", "Demo", rootKey, now, random);
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    X509Certificate certificate =
        root.issueAuthority(
            new AuthorityProfile.DeviceAuthority(), key.publicKey(), "Device CA", now);
    SigningKey deviceKey = SigningKey.generate(KeyKind.P256, random);
    var keys = new KeyPair(deviceKey.publicKey(), deviceKey.privateKey());
    X509Certificate leaf =
        new CertificateAuthority(certificate, key, random)
            .issueDevice(
                VerifiedRequest.verify(CertificateRequest.create(keys), KeyPolicy.standard()),
                new DeviceName("Demo", DeviceName.EXAMPLE_ENTERPRISE_NUMBER, genuine.serial()),
                DeviceValidity.forDevice(true),
                now);
    return new Impostor(
        new DeviceIdentity(genuine.serial(), keys.getPrivate(), leaf, genuine.root()));
  }

  @Override
  public KeyPair requestKey() {
    throw new IllegalStateException("an impostor does not enrol");
  }

  @Override
  public void discardRequestKey() {
    throw new IllegalStateException("an impostor does not enrol");
  }

  @Override
  public void tokenSpent(Sha256 token) {
    throw new IllegalStateException("an impostor does not enrol");
  }

  @Override
  public boolean isTokenSpent(Sha256 token) {
    return true;
  }

  @Override
  public Optional<DeviceIdentity> load() {
    return Optional.of(identity);
  }

  @Override
  public void store(DeviceIdentity other) {
    throw new IllegalStateException("an impostor does not enrol");
  }
}
