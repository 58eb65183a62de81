// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.HubName;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.ReleaseTime;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.x509.CertificateRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Makes a hub for trying out, under a root of its own whose key nobody keeps: no second hub is ever
 * made under it, and no app that brings its maker's roots accepts it.
 */
public final class TrialMaker {
  private static final ServerName.Dns DOMAIN = new ServerName.Dns("hub.countersign.invalid");

  private TrialMaker() {}

  /**
   * Gives an unprovisioned hub an identity for trying out.
   *
   * @param at by a clock that may be wrong: before this program was made counts as then
   */
  public static HubIdentity provision(HubIdentityFile file, Instant at, SecureRandom random)
      throws IOException {
    try {
      HubIdentity made =
          make(at.isBefore(ReleaseTime.EARLIEST) ? ReleaseTime.EARLIEST : at, random);
      file.store(made);
      return made;
    } catch (ProtocolException | GeneralSecurityException e) {
      throw new AssertionError("what is made here is fit for its use", e);
    }
  }

  private static HubIdentity make(Instant at, SecureRandom random)
      throws ProtocolException, GeneralSecurityException {
    HubId id = HubId.random(random);
    CertificateAuthority root =
        CertificateAuthority.createRoot(
            "Trial root of hub " + id,
            HubIdentity.TRIAL_ORGANIZATION,
            SigningKey.generate(KeyKind.P384, random),
            at,
            random);
    SigningKey lineKey = SigningKey.generate(KeyKind.P256, random);
    X509Certificate line =
        root.issueAuthority(
            new AuthorityProfile.HubAuthority(DOMAIN),
            lineKey.publicKey(),
            "Trial hub CA of hub " + id,
            at);
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    VerifiedRequest request =
        VerifiedRequest.verify(
            CertificateRequest.create(new KeyPair(key.publicKey(), key.privateKey())),
            KeyPolicy.standard());
    var name =
        new HubName(
            new DeviceName(
                HubIdentity.TRIAL_ORGANIZATION,
                DeviceName.EXAMPLE_ENTERPRISE_NUMBER,
                new DeviceSerial(id.toString())),
            id,
            DOMAIN);
    X509Certificate leaf =
        new CertificateAuthority(line, lineKey, random).issueHub(request, name, at);
    return new HubIdentity(
        HubVerifier.ofMakers(List.of(root.certificate()))
            .verify(List.of(leaf, line), id, Sha256.of(key.publicKey().getEncoded())),
        key,
        PairingSecret.random(random),
        List.of(),
        0);
  }
}
