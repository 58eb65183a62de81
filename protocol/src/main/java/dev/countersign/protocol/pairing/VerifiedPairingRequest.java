// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.util.List;

/**
 * A request of a phone that knows the secret and holds its key. Only {@link PairingRequest#verify}
 * makes one. Whether the secret still counts is the hub's to say.
 */
public final class VerifiedPairingRequest {
  private final PairingKeys keys;
  private final byte[] bytes;
  private final PhoneMessage message;

  VerifiedPairingRequest(PairingKeys keys, byte[] bytes, PhoneMessage message) {
    this.keys = keys;
    this.bytes = bytes;
    this.message = message;
  }

  /** What the phone wants a certificate for; its proof of possession was tested. */
  public CertificateRequest csr() {
    return message.csr();
  }

  /** What the phone calls itself, 1 to 64 printable characters. */
  public String name() {
    return message.name();
  }

  /**
   * The body of the answer: {@code [M2, tag]}.
   *
   * @throws IllegalArgumentException if the certificate is for another key
   * @throws IllegalStateException if the keys are closed
   */
  public byte[] answer(PairingGrant grant) {
    if (!Certificates.keyHash(grant.certificate()).equals(csr().keyHash())) {
      throw new IllegalArgumentException("certificate: expected one for the key of the request");
    }
    byte[] answer = new HubMessage(grant, message.nonce()).encode();
    return ByteStrings.encode(List.of(answer, keys.answerTag(bytes, answer)));
  }
}
