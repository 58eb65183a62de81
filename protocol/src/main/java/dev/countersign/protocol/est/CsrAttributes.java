// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.est;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * What a request should look like (RFC 7030 §4.5.2): a P-256 key, signed with ECDSA and SHA-256.
 * RSA of 2048 bits or more is taken as well, but not asked for.
 */
public final class CsrAttributes {
  private CsrAttributes() {}

  /** The DER of {@code CsrAttrs ::= SEQUENCE OF AttrOrOID}. */
  public static byte[] encode() {
    var keyType = new ASN1EncodableVector();
    keyType.add(X9ObjectIdentifiers.id_ecPublicKey);
    keyType.add(new DERSet(X9ObjectIdentifiers.prime256v1));
    var attributes = new ASN1EncodableVector();
    attributes.add(new DERSequence(keyType));
    attributes.add(X9ObjectIdentifiers.ecdsa_with_SHA256);
    try {
      return new DERSequence(attributes).getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
