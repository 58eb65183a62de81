// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.x509.CertificateRequest;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A small hierarchy as {@code init} makes it. */
record TestAuthorities(
    CertificateAuthority root,
    CertificateAuthority device,
    CertificateAuthority hub,
    CertificateAuthority server,
    CertificateAuthority operators) {
  static final Instant AT = Instant.parse("2026-11-21T20:30:00.123Z");
  static final SecureRandom RANDOM = new SecureRandom();
  static final List<ServerName> GATEWAY = names("localhost", "gw.example", "127.0.0.1", "::1");
  static final DeviceName DEVICE =
      new DeviceName(
          "Maker & Söhne", DeviceName.EXAMPLE_ENTERPRISE_NUMBER, new DeviceSerial("SN-0001"));

  static final ServerName.Dns HUB_DOMAIN = new ServerName.Dns("hub.countersign.invalid");

  static HubName hubName(HubId id) {
    return new HubName(DEVICE, id, HUB_DOMAIN);
  }

  static TestAuthorities create() throws KeyFileException {
    CertificateAuthority root =
        CertificateAuthority.createRoot(
            "Maker Root 1", "Maker", SigningKey.generate(KeyKind.P384, RANDOM), AT, RANDOM);
    return new TestAuthorities(
        root,
        under(root, new AuthorityProfile.DeviceAuthority(), "Maker Devices 1"),
        under(root, new AuthorityProfile.HubAuthority(HUB_DOMAIN), "Maker Hubs 1"),
        under(root, new AuthorityProfile.ServerAuthority(GATEWAY), "Maker Servers 1"),
        CertificateAuthority.createOperatorRoot(
            "Maker Operators 1", "Maker", SigningKey.generate(KeyKind.P256, RANDOM), AT, RANDOM));
  }

  static CertificateAuthority under(
      CertificateAuthority root, AuthorityProfile profile, String name) throws KeyFileException {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);
    return new CertificateAuthority(
        root.issueAuthority(profile, key.publicKey(), name, AT), key, RANDOM);
  }

  X509Certificate deviceLeaf(DeviceValidity validity) {
    return device.issueDevice(request(), DEVICE, validity, AT);
  }

  X509Certificate serverLeaf(String... names) throws NameNotPermittedException {
    return server.issueServer(freshKey(), names(names), AT);
  }

  static PublicKey freshKey() {
    return SigningKey.generate(KeyKind.P256, RANDOM).publicKey();
  }

  static VerifiedRequest request() {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);
    try {
      return VerifiedRequest.verify(
          CertificateRequest.create(new KeyPair(key.publicKey(), key.privateKey())),
          KeyPolicy.standard());
    } catch (GeneralSecurityException | RefusedRequestException e) {
      throw new AssertionError(e);
    }
  }

  static List<ServerName> names(String... texts) {
    return Stream.of(texts).map(TestAuthorities::name).toList();
  }

  static ServerName name(String text) {
    try {
      return ServerName.parse(text);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
