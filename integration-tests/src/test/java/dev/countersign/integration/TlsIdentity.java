// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A key and what a peer claims with it, shown whatever the other side asks for, and whatever sense
 * it makes.
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
  public TlsIdentity {
    chain = List.copyOf(chain);
  }

  public TlsIdentity(PrivateKey key, X509Certificate certificate) {
    this(key, List.of(certificate));
  }

  /** Reads a key and the first certificate of a PEM file. */
  public static TlsIdentity read(Path pem) throws IOException, ProtocolException {
    String text = Files.readString(pem, US_ASCII);
    return new TlsIdentity(
        SigningKey.parsePem(text).privateKey(), Certificates.parsePem(text).getFirst());
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Key and chain in PEM, for foreign programs. */
  public String insecureToPem() {
    var pem = new StringBuilder("-----BEGIN PRIVATE KEY-----\n");
    pem.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded()));
    pem.append("\n-----END PRIVATE KEY-----\n");
    chain.forEach(certificate -> pem.append(Certificates.toPem(certificate)));
    return pem.toString();
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + certificate().getSubjectX500Principal() + ", key hidden]";
  }

  /** For the JDK's TLS, on either side. */
  public X509ExtendedKeyManager keyManager() {
    return new Fixed(this);
  }

  private static final class Fixed extends X509ExtendedKeyManager {
    private static final String ALIAS = "identity";
    private final TlsIdentity identity;

    Fixed(TlsIdentity identity) {
      this.identity = identity;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }
  }
}
