// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.NameNotPermittedException;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.server.tls.ServerCredential;
import dev.countersign.server.tls.ServerTls;
import dev.countersign.server.tls.TlsProvider;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** TLS with a certificate of an authority that nobody trusts. */
final class TestTls {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private TestTls() {}

  static ServerTls of(TlsProvider provider)
      throws IOException, ProtocolException, NameNotPermittedException {
    var random = new SecureRandom();
    List<ServerName> names = List.of(ServerName.parse("localhost"));
    SigningKey rootKey = SigningKey.generate(KeyKind.P384, random);
    var root = CertificateAuthority.createRoot("Root", "Test", rootKey, NOW, random);
    SigningKey middleKey = SigningKey.generate(KeyKind.P256, random);
    var middle =
        new CertificateAuthority(
            root.issueAuthority(
                new AuthorityProfile.ServerAuthority(names), middleKey.publicKey(), "Server", NOW),
            middleKey,
            random);
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    var chain =
        List.of(
            middle.issueServer(key.publicKey(), names, NOW),
            middle.certificate(),
            root.certificate());
    return new ServerTls(provider, new ServerCredential(key.privateKey(), chain), random);
  }
}
