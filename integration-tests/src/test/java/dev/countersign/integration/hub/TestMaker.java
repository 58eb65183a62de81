// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

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
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** A maker of hubs: a root, and an authority that certifies hubs. */
public final class TestMaker {
  public static final String DOMAIN = "hub.countersign.invalid";
  private static final Instant MADE = Instant.parse("2026-11-01T00:00:00Z");

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority root;
  private final CertificateAuthority hubs;
  private int made;

  public TestMaker() throws ProtocolException {
    SigningKey rootKey = SigningKey.generate(KeyKind.P384, random);
    root = CertificateAuthority.createRoot("Test Root", "Test", rootKey, MADE, random);
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    hubs =
        new CertificateAuthority(
            root.issueAuthority(
                new AuthorityProfile.HubAuthority(new ServerName.Dns(DOMAIN)),
                key.publicKey(),
                "Hub CA",
                MADE),
            key,
            random);
  }

  public X509Certificate root() {
    return root.certificate();
  }

  /** A chain for a key, as the maker would give to a hub of this id. */
  public List<X509Certificate> certify(HubId id, KeyPair keys)
      throws GeneralSecurityException, ProtocolException {
    VerifiedRequest request =
        VerifiedRequest.verify(CertificateRequest.create(keys), KeyPolicy.standard());
    var name =
        new HubName(
            new DeviceName("Test", 32473, DeviceSerial.parse("HUB-" + ++made)),
            id,
            new ServerName.Dns(DOMAIN));
    return List.of(hubs.issueHub(request, name, MADE), hubs.certificate(), root.certificate());
  }

  /** An identity with a key of its own. */
  public HubIdentity identity() throws GeneralSecurityException, ProtocolException {
    return identity(SigningKey.generate(KeyKind.P256, random));
  }

  /** An identity with this key. */
  public HubIdentity identity(SigningKey key) throws GeneralSecurityException, ProtocolException {
    HubId id = HubId.random(random);
    List<X509Certificate> chain = certify(id, new KeyPair(key.publicKey(), key.privateKey()));
    Sha256 hash = Certificates.keyHash(chain.getFirst());
    return new HubIdentity(
        HubVerifier.ofMakers(List.of(root())).verify(chain, id, hash),
        key,
        PairingSecret.random(random),
        List.of(),
        0);
  }

  /** Puts an identity where a hub looks for it. */
  public static void provision(Path state, HubIdentity identity) throws IOException {
    Files.createDirectories(state);
    new HubIdentityFile(state).store(identity);
  }
}
