// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.jspecify.annotations.Nullable;

/** A client of TLS 1.3 with a pre-shared key whose identity and key are as given. */
final class PskPeer extends AbstractTlsClient {
  private final String identity;
  private final byte[] key;

  PskPeer(TlsCrypto crypto, String identity, byte[] key) {
    super(crypto);
    this.identity = identity;
    this.key = key.clone();
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.TLSv13.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {CipherSuite.TLS_AES_128_GCM_SHA256};
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  protected Vector getSupportedGroups(Vector roles) {
    return new Vector<>(List.of(NamedGroup.x25519));
  }

  @Override
  public short[] getPskKeyExchangeModes() {
    return new short[] {PskKeyExchangeMode.psk_dhe_ke};
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  public Vector getExternalPSKs() {
    return new Vector<>(
        List.of(
            new BasicTlsPSKExternal(
                identity.getBytes(US_ASCII),
                getCrypto().createSecret(key),
                PRFAlgorithm.tls13_hkdf_sha256)));
  }

  @Override
  public TlsAuthentication getAuthentication() throws IOException {
    throw new IOException("expected the key to be taken");
  }

  @Override
  public void notifyAlertRaised(
      short level, short description, @Nullable String message, @Nullable Throwable cause) {
    // a refusal is what is measured, or ends the run
  }
}
