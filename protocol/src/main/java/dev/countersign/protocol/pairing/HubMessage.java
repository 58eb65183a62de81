// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * M2, what a hub answers: {@code {1: certificate, 2: phone CA, 3: [hub's leaf, CA, root], 4: nonce,
 * 5: role, 6: epoch}}.
 *
 * @param nonce the phone's
 */
@SuppressWarnings("ArrayRecordComponent") // encoded at once, never compared
record HubMessage(PairingGrant grant, byte[] nonce) {
  /** All certificates of one answer have to fit into a body. */
  static final int MAX_CERTIFICATE_BYTES = 4096;

  private static final String FORM =
      "expected {1: certificate, 2: phone CA, 3: hub chain, 4: nonce, 5: role, 6: epoch}";
  private static final int CERTIFICATE = 1;
  private static final int PHONE_CA = 2;
  private static final int HUB_CHAIN = 3;
  private static final int NONCE = 4;
  private static final int ROLE = 5;
  private static final int EPOCH = 6;
  private static final int PAIRS = 6;

  static HubMessage decode(byte[] bytes) throws MalformedException {
    var in = new CborReader(bytes);
    if (in.map("message") != PAIRS) {
      throw new MalformedException("message", FORM);
    }
    key(in, CERTIFICATE);
    X509Certificate certificate = certificate(in, "certificate");
    key(in, PHONE_CA);
    X509Certificate phoneCa = certificate(in, "phone CA");
    key(in, HUB_CHAIN);
    List<X509Certificate> hubChain = chain(in);
    key(in, NONCE);
    byte[] nonce =
        ByteStrings.exactly(
            "nonce", PhoneMessage.NONCE_BYTES, in.bytes("nonce", PhoneMessage.NONCE_BYTES));
    key(in, ROLE);
    Role role = Role.ofCode((int) Math.min(in.unsigned("role"), Byte.MAX_VALUE));
    key(in, EPOCH);
    long epoch = in.unsigned("epoch");
    in.end();
    if (epoch == 0) {
      throw new MalformedException("epoch", "expected a number from 1");
    }
    var message =
        new HubMessage(new PairingGrant(certificate, phoneCa, hubChain, role, epoch), nonce);
    ByteStrings.requireOnlyForm("message", bytes, message.encode());
    return message;
  }

  private static void key(CborReader in, int expected) throws MalformedException {
    if (in.unsigned("message") != expected) {
      throw new MalformedException("message", FORM);
    }
  }

  private static List<X509Certificate> chain(CborReader in) throws MalformedException {
    int count = in.array("hub chain");
    if (count < PairingGrant.MIN_CHAIN || count > PairingGrant.MAX_CHAIN) {
      throw new MalformedException("hub chain", "expected 2 to 4 certificates, got " + count);
    }
    var chain = new ArrayList<X509Certificate>();
    for (int i = 0; i < count; i++) {
      chain.add(certificate(in, "hub chain"));
    }
    return chain;
  }

  private static X509Certificate certificate(CborReader in, String field)
      throws MalformedException {
    return Certificates.parse(in.bytes(field, MAX_CERTIFICATE_BYTES));
  }

  byte[] encode() {
    var out =
        new CborWriter()
            .map(PAIRS)
            .unsigned(CERTIFICATE)
            .bytes(Certificates.der(grant.certificate()))
            .unsigned(PHONE_CA)
            .bytes(Certificates.der(grant.phoneCa()))
            .unsigned(HUB_CHAIN)
            .array(grant.hubChain().size());
    grant.hubChain().forEach(certificate -> out.bytes(Certificates.der(certificate)));
    return out.unsigned(NONCE)
        .bytes(nonce)
        .unsigned(ROLE)
        .unsigned(grant.role().code())
        .unsigned(EPOCH)
        .unsigned(grant.epoch())
        .toByteArray();
  }
}
