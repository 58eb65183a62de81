// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.pki.RefusedRequestException.Reason;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.CertificateRequest;
import java.security.PublicKey;

/**
 * A certificate request whose maker holds the private key, and whose key the {@link KeyPolicy}
 * accepts.
 *
 * <p><b>Security guarantees:</b> only {@link #verify} makes one. It says nothing of who the maker
 * is, nor whether the key is known under another name already.
 */
public final class VerifiedRequest {
  private final CertificateRequest request;
  private final PublicKey publicKey;
  private final Sha256 keyHash;

  VerifiedRequest(CertificateRequest request, PublicKey publicKey) {
    this.request = request;
    this.publicKey = publicKey;
    this.keyHash = Sha256.of(publicKey.getEncoded());
  }

  /**
   * Tests the key, then the proof of possession (RFC 2986 §3, RFC 7030 §4.2.1).
   *
   * @throws RefusedRequestException if either fails; its message is fit for the client
   */
  public static VerifiedRequest verify(CertificateRequest request, KeyPolicy policy)
      throws RefusedRequestException {
    // The key first: verifying a signature with a hostile key can be made expensive.
    PublicKey key = policy.require(request.publicKey());
    if (!request.hasProofOfPossession()) {
      throw new RefusedRequestException(
          Reason.BAD_PROOF,
          "csr: expected a SHA-2 signature by the private half of the key in the request");
    }
    return new VerifiedRequest(request, key);
  }

  /** The key in its one canonical encoding, which the certificate will have too. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** SHA-256 of {@link #publicKey}'s SubjectPublicKeyInfo: what names this key everywhere. */
  public Sha256 keyHash() {
    return keyHash;
  }

  /** The request as it came. Its subject and attributes are claims, not facts. */
  public CertificateRequest request() {
    return request;
  }
}
