// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.util.Strings;
import org.jspecify.annotations.Nullable;

/** A device of a maker who may get everything wrong. */
final class TestPskClient extends PSKTlsClient {
  private final Says says;
  int[] earlyGroups = {NamedGroup.x25519};
  short alert = -1;

  /**
   * What it says.
   *
   * @param identities offered in this order, all with the same key
   */
  record Says(
      ProtocolVersion version,
      int suite,
      int fill,
      boolean extendedMasterSecret,
      boolean encryptThenMac,
      short mode,
      List<String> identities) {
    static Says in13(String identity, int fill) {
      return new Says(
          ProtocolVersion.TLSv13,
          CipherSuite.TLS_AES_128_GCM_SHA256,
          fill,
          true,
          true,
          PskKeyExchangeMode.psk_dhe_ke,
          List.of(identity));
    }

    static Says in12(String identity, int fill) {
      return new Says(
          ProtocolVersion.TLSv12,
          CipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
          fill + 1,
          true,
          true,
          PskKeyExchangeMode.psk_dhe_ke,
          List.of(identity));
    }

    Says with(int other) {
      return new Says(version, other, fill, extendedMasterSecret, encryptThenMac, mode, identities);
    }

    Says withVersion(ProtocolVersion other) {
      return new Says(other, suite, fill, extendedMasterSecret, encryptThenMac, mode, identities);
    }

    Says without(boolean ems, boolean etm) {
      return new Says(version, suite, fill, !ems, !etm, mode, identities);
    }

    Says withMode(short other) {
      return new Says(
          version, suite, fill, extendedMasterSecret, encryptThenMac, other, identities);
    }

    Says withIdentities(String... others) {
      return new Says(
          version, suite, fill, extendedMasterSecret, encryptThenMac, mode, List.of(others));
    }
  }

  TestPskClient(Says says) {
    super(
        new BcTlsCrypto(new SecureRandom()),
        new BasicTlsPSKIdentity(
            Strings.toUTF8ByteArray(says.identities().getFirst()), TestKeys.bytes(says.fill())));
    this.says = says;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return says.version().only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {says.suite()};
  }

  @Override
  @SuppressWarnings("JdkObsolete") // the library's signature
  public Vector<?> getExternalPSKs() {
    var psks = new Vector<TlsPSKExternal>();
    for (String identity : says.identities()) {
      psks.add(
          new BasicTlsPSKExternal(
              Strings.toUTF8ByteArray(identity),
              getCrypto().createSecret(TestKeys.bytes(says.fill())),
              PRFAlgorithm.tls13_hkdf_sha256));
    }
    return says.version().equals(ProtocolVersion.TLSv13) ? psks : new Vector<>();
  }

  @Override
  public short[] getPskKeyExchangeModes() {
    return new short[] {says.mode()};
  }

  @Override
  @SuppressWarnings("JdkObsolete") // the library's signature
  public Vector<?> getEarlyKeyShareGroups() {
    var groups = new Vector<Integer>();
    Arrays.stream(earlyGroups).forEach(groups::add);
    return groups;
  }

  @Override
  public boolean shouldUseExtendedMasterSecret() {
    return says.extendedMasterSecret();
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    if (!says.encryptThenMac()) {
      extensions.remove(TlsExtensionsUtils.EXT_encrypt_then_mac);
    }
    return extensions;
  }

  @Override
  public TlsAuthentication getAuthentication() throws IOException {
    throw new IOException("no certificates here");
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    alert = description;
  }

  @Override
  public void notifyAlertRaised(
      short level, short description, @Nullable String message, @Nullable Throwable cause) {
    // a wrong client says nothing on stderr
  }
}
