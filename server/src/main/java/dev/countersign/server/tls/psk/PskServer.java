// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import dev.countersign.protocol.keys.KeyPurpose;
import dev.countersign.server.tls.psk.PskRefusedException.Ground;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Vector;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.OfferedPsks;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.jspecify.annotations.Nullable;

/** The decisions of one handshake. One thread at a time. */
final class PskServer extends AbstractTlsServer implements TlsPSKIdentityManager {
  /** Of several identities in a ClientHello (RFC 8446 §4.2.11); each costs a look-up. */
  private static final int MAX_IDENTITIES = 4;

  private static final int MAX_HANDSHAKE_MESSAGE_BYTES = 16_384;

  private final PreSharedKeys keys;
  private PreSharedKeys.@Nullable Offer offer;
  private @Nullable PreSharedKey chosen;
  private byte[] identity = new byte[0];
  private byte[] clearKey = new byte[0];
  private @Nullable TlsSecret secret;
  private @Nullable PskSession session;

  PskServer(TlsCrypto crypto, PreSharedKeys keys) {
    super(crypto);
    this.keys = keys;
  }

  /** The outcome, once the handshake is over. */
  Optional<PskSession> session() {
    return Optional.ofNullable(session);
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return PskProfile.versions();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return PskProfile.suites();
  }

  @Override
  public int[] getSupportedGroups() {
    return PskProfile.groups();
  }

  /** RFC 7627 §5.4: without it a master secret can be the same on two connections. */
  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
  }

  @Override
  public int getMaxHandshakeMessageSize() {
    return MAX_HANDSHAKE_MESSAGE_BYTES;
  }

  /** The library would take any curve that a TLS 1.2 client names. */
  @Override
  protected int getMaximumNegotiableCurveBits() {
    return selectECDH(0) < 0 ? 0 : super.getMaximumNegotiableCurveBits();
  }

  @Override
  protected int selectECDH(int minimumCurveBits) {
    int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
    return offered == null ? selectECDHDefault(minimumCurveBits) : PskProfile.common(offered);
  }

  @Override
  protected boolean selectCipherSuite(int suite) throws IOException {
    return (!PskProfile.needsEncryptThenMac(suite) || encryptThenMACOffered)
        && super.selectCipherSuite(suite);
  }

  /** Nobody shows a certificate here. */
  @Override
  @SuppressWarnings("NullAway") // null: none, as the library wants it for a PSK
  public TlsCredentials getCredentials() {
    return null;
  }

  @Override
  public TlsPSKIdentityManager getPSKIdentityManager() {
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // null: no hint (RFC 4279 §5.2)
  public byte[] getHint() {
    return null;
  }

  /** TLS 1.2: its messages let only one key be tried, so it is the first. */
  @Override
  public byte[] getPSK(byte[] said) {
    choose(said);
    clearKey = chosenKey().derive(KeyPurpose.TLS12_PSK);
    return clearKey;
  }

  private void choose(byte[] said) {
    PreSharedKeys.Offer found = keys.find(said);
    offer = found;
    identity = said;
    chosen = found.candidates().getFirst();
  }

  private PreSharedKey chosenKey() {
    if (chosen == null) {
      throw new IllegalStateException("no key was chosen");
    }
    return chosen;
  }

  /**
   * TLS 1.3: decides on the key before the library asks for it. Of several identities the first
   * that opens anything counts; of several keys the one that made the binder.
   *
   * @param truncatedHello the message without its binders
   */
  void choose(OfferedPsks psks, byte[] truncatedHello) throws TlsFatalAlert {
    int count = Math.min(psks.getIdentities().size(), psks.getBinders().size());
    int at = 0;
    choose(identity(psks, 0));
    for (int i = 1; i < Math.min(count, MAX_IDENTITIES) && isRefused(); i++) {
      PreSharedKeys.Offer other = keys.find(identity(psks, i));
      if (other.refusal().isEmpty()) {
        choose(identity(psks, i));
        at = i;
      }
    }
    if (psks.getIdentities().size() != psks.getBinders().size()) {
      // RFC 8446 §4.2.11: one binder for each identity
      throw new TlsFatalAlert(AlertDescription.illegal_parameter);
    }
    if (offer != null && offer.candidates().size() > 1) {
      byte[] binder = (byte[]) psks.getBinders().elementAt(at);
      for (PreSharedKey candidate : offer.candidates()) {
        byte[] key = candidate.derive(KeyPurpose.TLS13_PSK);
        if (MessageDigest.isEqual(Binder.of(key, truncatedHello), binder)) {
          chosen = candidate;
        }
        Arrays.fill(key, (byte) 0);
      }
    }
  }

  private static byte[] identity(OfferedPsks psks, int index) {
    return ((PskIdentity) psks.getIdentities().elementAt(index)).getIdentity();
  }

  private boolean isRefused() {
    return offer == null || offer.refusal().isPresent();
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  public TlsPSKExternal getExternalPSK(Vector identities) {
    byte[] key = chosenKey().derive(KeyPurpose.TLS13_PSK);
    secret = getCrypto().createSecret(key);
    Arrays.fill(key, (byte) 0);
    return new BasicTlsPSKExternal(identity, secret);
  }

  /** Overwrites what there is of the key in the clear. */
  void erase() {
    Arrays.fill(clearKey, (byte) 0);
    if (secret != null) {
      secret.destroy();
      secret = null;
    }
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    erase();
    if (isRefused()) {
      // Nobody holds the key that stands in for a refusal.
      throw new TlsFatalAlert(AlertDescription.decrypt_error);
    }
    SecurityParameters agreed = context.getSecurityParameters();
    session =
        new PskSession(
            TlsUtils.isTLSv13(agreed.getNegotiatedVersion()) ? "TLSv1.3" : "TLSv1.2",
            PskProfile.name(agreed.getCipherSuite()),
            new ProvenKey(chosenKey()));
  }

  /** What a failure means, in words that stay in the house. */
  SSLException explain(IOException cause) {
    if (cause instanceof PskNotOfferedAlert) {
      return refused(new PreSharedKeys.Refusal(Ground.NOT_OFFERED, Optional.empty()), "", cause);
    }
    if (offer != null
        && cause instanceof TlsFatalAlert alert
        && (alert.getAlertDescription() == AlertDescription.decrypt_error
            || alert.getAlertDescription() == AlertDescription.bad_record_mac)) {
      PreSharedKeys.Refusal refusal =
          offer
              .refusal()
              .orElseGet(() ->
                  new PreSharedKeys.Refusal(Ground.WRONG_KEY, Optional.of(chosenKey().serial())));
      return refused(refusal, PskIdentityText.printable(identity), cause);
    }
    var failure = new SSLHandshakeException(String.valueOf(cause.getMessage()));
    failure.initCause(cause);
    return failure;
  }

  private static SSLException refused(
      PreSharedKeys.Refusal refusal, String detail, IOException cause) {
    return new PskRefusedException(refusal, detail, cause);
  }
}
