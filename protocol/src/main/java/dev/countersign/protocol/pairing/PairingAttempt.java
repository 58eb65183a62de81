// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.keys.Hmac;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;

/** A phone's side of one pairing, over one connection. */
public final class PairingAttempt {
  private static final List<String> FIELDS = List.of("message", "tag");

  private final PairingKeys keys;
  private final PhoneMessage message;
  private final byte[] bytes;

  private PairingAttempt(PairingKeys keys, PhoneMessage message) {
    this.keys = keys;
    this.message = message;
    this.bytes = message.encode();
  }

  /**
   * Begins.
   *
   * @param keys of this connection, which must stay open until the answer was verified
   * @param phoneKey the phone's own key, which the hub will know it by
   * @param name what the phone is called, see {@link PhoneName}
   * @throws GeneralSecurityException if the key cannot sign
   * @throws IllegalArgumentException if the name is none
   */
  public static PairingAttempt begin(
      PairingKeys keys, KeyPair phoneKey, String name, SecureRandom random)
      throws GeneralSecurityException {
    try {
      PhoneName.check(name);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    CertificateRequest csr = CertificateRequest.create(phoneKey);
    return new PairingAttempt(keys, PhoneMessage.create(csr, name, random));
  }

  /** The body of {@code POST /pair} of who has read a QR code: {@code [M1, tag]}. */
  public byte[] request() {
    return ByteStrings.encode(List.of(bytes, keys.requestTag(bytes)));
  }

  /**
   * The body of {@code POST /pair} of who has typed a code: {@code [M1, tag, confirmP]}.
   *
   * @param confirmation {@link Spake2Confirmed#confirmP}, 32 bytes
   */
  public byte[] request(byte[] confirmation) {
    if (confirmation.length != Hmac.BYTES) {
      throw new IllegalArgumentException("confirmP: expected 32 bytes, got " + confirmation.length);
    }
    return ByteStrings.encode(List.of(bytes, keys.requestTag(bytes), confirmation));
  }

  /**
   * Verifies the hub's answer to this request.
   *
   * <p>Not judged here: whether the hub's chain is one, and is that of this connection.
   *
   * @throws NotAuthenticException if it is not from who has the secret, or to another request
   * @throws MalformedException if it is no answer, or what it gives is not fit for this phone
   */
  public PairedPhone verify(byte[] answer) throws MalformedException, NotAuthenticException {
    List<byte[]> parts = ByteStrings.decode(answer, FIELDS, 0);
    byte[] content = parts.get(0);
    byte[] tag = ByteStrings.exactly("tag", Hmac.BYTES, parts.get(1));
    if (!MessageDigest.isEqual(keys.answerTag(bytes, content), tag)) {
      throw new NotAuthenticException();
    }
    HubMessage hub = HubMessage.decode(content);
    if (!MessageDigest.isEqual(hub.nonce(), message.nonce())) {
      throw new MalformedException("nonce", "expected that of the request");
    }
    requireOurs(hub.grant());
    return new PairedPhone(hub.grant());
  }

  private void requireOurs(PairingGrant grant) throws MalformedException {
    X509Certificate certificate = grant.certificate();
    X509Certificate phoneCa = grant.phoneCa();
    if (!Certificates.keyHash(certificate).equals(message.csr().keyHash())) {
      throw new MalformedException("certificate", "expected one for this phone's key");
    }
    // RFC 5280 §4.2.1.9: -1 is for who is no authority.
    if (phoneCa.getBasicConstraints() < 0 || !isIssuedBy(phoneCa, phoneCa)) {
      throw new MalformedException("phone CA", "expected an authority that signed itself");
    }
    if (!isIssuedBy(certificate, phoneCa)) {
      throw new MalformedException("certificate", "expected one that the phone CA issued");
    }
  }

  private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
    try {
      certificate.verify(issuer.getPublicKey());
      return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
