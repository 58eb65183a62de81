// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static dev.countersign.client.sealed.Refusals.expect;

import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.IdentityStorage;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.est.CertsOnly;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Enrolment inside the seal, by the short names of EST over CoAP (RFC 9148 §4.1): the way up from a
 * pre-set secret to a key that was made on the device. The relay sees neither request nor
 * certificate, and can put nothing in their place.
 */
public final class SealedEst {
  /** {@code application/pkcs10} (RFC 9148 §4.3). */
  private static final int PKCS10 = 286;

  private final Transfer transfer;
  private final boolean blocks;

  SealedEst(Transfer transfer, boolean blocks) {
    this.transfer = transfer;
    this.blocks = blocks;
  }

  /**
   * Makes a key on this device, gets a certificate for it, and stores both. Called again after a
   * failure, it asks for the same key again.
   *
   * @param root what the server's certificates lead to, where that is known besides the seal
   */
  public DeviceIdentity enrol(
      DeviceSerial serial, IdentityStorage identities, Optional<X509Certificate> root)
      throws IOException, ProtocolException, GeneralSecurityException {
    X509Certificate anchor = root(root);
    KeyPair keys = identities.requestKey();
    X509Certificate certificate = certificate("est/sen", CertificateRequest.create(keys));
    var made = new DeviceIdentity(serial, keys.getPrivate(), certificate, anchor);
    identities.store(made);
    return made;
  }

  /** Gets a certificate for a new key, in place of the one there is. */
  public DeviceIdentity renew(DeviceIdentity before, IdentityStorage identities)
      throws IOException, ProtocolException, GeneralSecurityException {
    KeyPair keys = identities.requestKey();
    X509Certificate certificate = certificate("est/sren", CertificateRequest.create(keys));
    var successor =
        new DeviceIdentity(before.serial(), keys.getPrivate(), certificate, before.root());
    identities.store(successor);
    return successor;
  }

  /** The seal vouches for what {@code crts} lists; a root that was given besides must be in it. */
  private X509Certificate root(Optional<X509Certificate> expected)
      throws IOException, ProtocolException {
    InnerMessage answer = transfer.fetch(InnerMessage.request(CoapCode.GET, "est/crts"), false);
    expect(answer, CoapCode.CONTENT);
    for (X509Certificate certificate : CertsOnly.decode(answer.body())) {
      boolean isRoot =
          certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
      if (expected.map(certificate::equals).orElse(isRoot)) {
        return certificate;
      }
    }
    throw new MalformedException("crts", "expected the root in it");
  }

  private X509Certificate certificate(String operation, CertificateRequest request)
      throws IOException, ProtocolException {
    InnerMessage question =
        InnerMessage.request(CoapCode.POST, operation).withContentFormat(PKCS10);
    InnerMessage answer = transfer.send(question, request.der(), blocks);
    expect(answer, CoapCode.CHANGED);
    List<X509Certificate> issued = CertsOnly.decode(answer.body());
    for (X509Certificate certificate : issued) {
      if (Certificates.keyHash(certificate).equals(request.keyHash())) {
        return certificate;
      }
    }
    throw new MalformedException("certificate", "expected one for the key of the request");
  }
}
