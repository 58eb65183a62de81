// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.ChannelBinding;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 with certificates of ECDSA, one protocol by ALPN, and nothing else. No server name is
 * sent (RFC 6066 §3): the hub's would tell everyone nearby which hub the phone looks for.
 */
final class HubTlsClient extends AbstractTlsClient {
  private static final int[] SUITES = {
    CipherSuite.TLS_AES_128_GCM_SHA256,
    CipherSuite.TLS_AES_256_GCM_SHA384,
    CipherSuite.TLS_CHACHA20_POLY1305_SHA256
  };

  private final HubCall call;
  private List<X509Certificate> presented = List.of();
  private byte @Nullable [] channelBinding;
  private @Nullable String protocol;

  HubTlsClient(TlsCrypto crypto, HubCall call) {
    super(crypto);
    this.call = call;
  }

  List<X509Certificate> presented() {
    return presented;
  }

  Optional<byte[]> channelBinding() {
    return Optional.ofNullable(channelBinding).map(byte[]::clone);
  }

  Optional<String> protocol() {
    return Optional.ofNullable(protocol);
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
    return vector(NamedGroup.x25519, NamedGroup.secp256r1);
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  public Vector getEarlyKeyShareGroups() {
    return vector(NamedGroup.x25519);
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  protected Vector getSupportedSignatureAlgorithms() {
    return vector(
        SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256),
        SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp384r1_sha384));
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's signature
  protected Vector getProtocolNames() {
    return vector(ProtocolName.asUtf8Encoding(call.protocol().alpn()));
  }

  /** No OCSP: there is no way to the outside, and no clock to judge an answer by. */
  @Override
  @SuppressWarnings("NullAway") // null is how a client says "none"
  protected CertificateStatusRequest getCertificateStatusRequest() {
    return null;
  }

  @SuppressWarnings("JdkObsolete") // the library's type
  private static Vector<Object> vector(Object... elements) {
    return new Vector<>(Arrays.asList(elements));
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
        // Nothing but the ClientHello has been sent so far, and nothing more is if this throws.
        judge(server.getCertificate());
      }

      @Override
      @SuppressWarnings("NullAway") // null is how a client shows nothing
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        return call.identity().isPresent() ? credentials(call.identity().get(), request) : null;
      }
    };
  }

  private void judge(Certificate certificate) throws IOException {
    var chain = new ArrayList<X509Certificate>();
    try {
      for (TlsCertificate each : certificate.getCertificateList()) {
        chain.add(Certificates.parse(each.getEncoded()));
      }
      call.judge(List.copyOf(chain));
    } catch (MalformedException e) {
      throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
    } catch (ProtocolException e) {
      throw new TlsFatalAlert(AlertDescription.certificate_unknown, e);
    }
    presented = List.copyOf(chain);
  }

  @SuppressWarnings("JdkObsolete") // the library's type
  private TlsCredentials credentials(PhoneIdentity identity, CertificateRequest request)
      throws IOException {
    TlsCertificate certificate =
        getCrypto().createCertificate(Certificates.der(identity.certificate()));
    SignatureAndHashAlgorithm algorithm =
        SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256);
    return new DefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        new PlatformSigner(identity.privateKey()),
        new Certificate(
            request.getCertificateRequestContext(),
            new CertificateEntry[] {new CertificateEntry(certificate, new Hashtable<>())}),
        algorithm);
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    if (!TlsUtils.isTLSv13(context)) {
      throw new TlsFatalAlert(AlertDescription.protocol_version);
    }
    // RFC 9266; the library forgets the secret it comes from when the handshake has ended.
    channelBinding = context.exportChannelBinding(ChannelBinding.tls_exporter);
    ProtocolName agreed = context.getSecurityParametersConnection().getApplicationProtocol();
    protocol = agreed == null ? null : agreed.getUtf8Decoding();
  }
}
