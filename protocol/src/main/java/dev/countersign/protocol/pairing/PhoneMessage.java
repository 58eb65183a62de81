// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.x509.CertificateRequest;
import java.security.SecureRandom;

/**
 * M1, what a phone says of itself: {@code {1: csr, 2: nonce, 3: name}}.
 *
 * @param nonce 16 random bytes that the answer repeats
 */
@SuppressWarnings("ArrayRecordComponent") // encoded at once, never compared
record PhoneMessage(CertificateRequest csr, byte[] nonce, String name) {
  static final int NONCE_BYTES = 16;

  private static final int CSR = 1;
  private static final int NONCE = 2;
  private static final int NAME = 3;
  private static final int PAIRS = 3;

  static PhoneMessage create(CertificateRequest csr, String name, SecureRandom random) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return new PhoneMessage(csr, nonce, name);
  }

  static PhoneMessage decode(byte[] bytes) throws MalformedException {
    var in = new CborReader(bytes);
    if (in.map("message") != PAIRS) {
      throw new MalformedException("message", "expected {1: csr, 2: nonce, 3: name}");
    }
    key(in, CSR);
    byte[] csr = in.bytes("csr", CertificateRequest.MAX_BYTES);
    key(in, NONCE);
    byte[] nonce = ByteStrings.exactly("nonce", NONCE_BYTES, in.bytes("nonce", NONCE_BYTES));
    key(in, NAME);
    String name = PhoneName.check(in.text("name"));
    in.end();
    var message = new PhoneMessage(CertificateRequest.parse(csr), nonce, name);
    ByteStrings.requireOnlyForm("message", bytes, message.encode());
    return message;
  }

  private static void key(CborReader in, int expected) throws MalformedException {
    if (in.unsigned("message") != expected) {
      throw new MalformedException("message", "expected {1: csr, 2: nonce, 3: name}");
    }
  }

  byte[] encode() {
    return new CborWriter()
        .map(PAIRS)
        .unsigned(CSR)
        .bytes(csr.der())
        .unsigned(NONCE)
        .bytes(nonce)
        .unsigned(NAME)
        .text(name)
        .toByteArray();
  }
}
