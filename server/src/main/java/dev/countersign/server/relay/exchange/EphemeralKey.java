// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.sealed.Rekey;
import java.security.SecureRandom;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.util.BigIntegers;

/** A P-256 key for one agreement (NIST SP 800-56A §5.7.1.2, cofactor 1). */
final class EphemeralKey {
  private static final ECDomainParameters P256 =
      new ECDomainParameters(CustomNamedCurves.getByName("P-256"));
  private static final int COORDINATE_BYTES = 32;

  private final ECPrivateKeyParameters privateKey;
  private final byte[] point;

  private EphemeralKey(ECPrivateKeyParameters privateKey, byte[] point) {
    this.privateKey = privateKey;
    this.point = point;
  }

  static EphemeralKey generate(SecureRandom random) {
    var generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(P256, random));
    var pair = generator.generateKeyPair();
    return new EphemeralKey(
        (ECPrivateKeyParameters) pair.getPrivate(),
        ((ECPublicKeyParameters) pair.getPublic()).getQ().getEncoded(false));
  }

  /** The public key, uncompressed. */
  byte[] point() {
    return point.clone();
  }

  /**
   * The x coordinate that both sides come to; the caller overwrites it.
   *
   * @throws MalformedException if that is no point of the curve
   */
  byte[] agree(byte[] peer) throws MalformedException {
    try {
      if (peer.length != Rekey.POINT_BYTES) {
        throw new IllegalArgumentException("length");
      }
      var agreement = new ECDHBasicAgreement();
      agreement.init(privateKey);
      // Decoding and the parameters check that it is on the curve and not the point at infinity.
      var key = new ECPublicKeyParameters(P256.getCurve().decodePoint(peer), P256);
      return BigIntegers.asUnsignedByteArray(COORDINATE_BYTES, agreement.calculateAgreement(key));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new MalformedException("key", "expected an uncompressed point of P-256", e);
    }
  }
}
