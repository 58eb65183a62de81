// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.psk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Arrays;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.jspecify.annotations.Nullable;

/** TLS 1.3 with (EC)DHE and one key, and nothing else: RFC 8446 §2.2, psk_dhe_ke. */
final class PskTlsClient extends AbstractTlsClient {
  private static final int[] SUITES = {
    CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_CHACHA20_POLY1305_SHA256
  };

  private final PskCredential credential;
  private @Nullable TlsSecret secret;

  PskTlsClient(TlsCrypto crypto, PskCredential credential) {
    super(crypto);
    this.credential = credential;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.TLSv13.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return SUITES.clone();
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  protected Vector getSupportedGroups(Vector roles) {
    return groups(NamedGroup.x25519, NamedGroup.secp256r1);
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  public Vector getEarlyKeyShareGroups() {
    return groups(NamedGroup.x25519);
  }

  @SuppressWarnings("JdkObsolete") // the library's type
  private static Vector<Integer> groups(int... groups) {
    var all = new Vector<Integer>();
    for (int group : groups) {
      all.add(group);
    }
    return all;
  }

  @Override
  public short[] getPskKeyExchangeModes() {
    return new short[] {PskKeyExchangeMode.psk_dhe_ke};
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  public Vector getExternalPSKs() {
    byte[] key = credential.tls13Key();
    TlsSecret offered = getCrypto().createSecret(key);
    Arrays.fill(key, (byte) 0);
    secret = offered;
    var all = new Vector<TlsPSKExternal>();
    all.add(
        new BasicTlsPSKExternal(
            credential.identity().getBytes(US_ASCII), offered, PRFAlgorithm.tls13_hkdf_sha256));
    return all;
  }

  /** A server that passes over the key and shows a certificate has proven nothing to us. */
  @Override
  public TlsAuthentication getAuthentication() throws IOException {
    throw new TlsFatalAlert(AlertDescription.handshake_failure, "the server did not take the key");
  }

  /** Overwrites the key. */
  void erase() {
    if (secret != null) {
      secret.destroy();
      secret = null;
    }
  }
}
