// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.sealed.Rekey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** A P-256 key for one rekey, of the platform's own cryptography. */
final class EphemeralKey {
  private static final int COORDINATE_BYTES = 32;
  private static final byte UNCOMPRESSED = 4;

  private final KeyPair keys;
  private final ECParameterSpec curve;

  private EphemeralKey(KeyPair keys, ECParameterSpec curve) {
    this.keys = keys;
    this.curve = curve;
  }

  static EphemeralKey generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    return new EphemeralKey(keys, ((ECPublicKey) keys.getPublic()).getParams());
  }

  /** The public half, uncompressed. */
  byte[] point() {
    ECPoint w = ((ECPublicKey) keys.getPublic()).getW();
    var point = new byte[Rekey.POINT_BYTES];
    point[0] = UNCOMPRESSED;
    put(w.getAffineX(), point, 1);
    put(w.getAffineY(), point, 1 + COORDINATE_BYTES);
    return point;
  }

  private static void put(BigInteger coordinate, byte[] into, int at) {
    byte[] bytes = coordinate.toByteArray(); // with a sign, and as short as it can be
    int length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, into, at + COORDINATE_BYTES - length, length);
  }

  /** The x coordinate of the shared point; the caller overwrites it. */
  byte[] agree(byte[] peer) throws GeneralSecurityException, MalformedException {
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(keys.getPrivate());
    agreement.doPhase(
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(onCurve(peer), curve)),
        true);
    return agreement.generateSecret();
  }

  /** A point beside the curve would give the private half away, bit by bit. */
  private ECPoint onCurve(byte[] point) throws MalformedException {
    if (point.length != Rekey.POINT_BYTES || point[0] != UNCOMPRESSED) {
      throw new MalformedException("rekey", "expected an uncompressed P-256 key");
    }
    var x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + COORDINATE_BYTES));
    var y = new BigInteger(1, Arrays.copyOfRange(point, 1 + COORDINATE_BYTES, point.length));
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger right =
        x.pow(3).add(curve.getCurve().getA().multiply(x)).add(curve.getCurve().getB()).mod(p);
    if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.pow(2).mod(p).equals(right)) {
      throw new MalformedException("rekey", "expected a point of P-256");
    }
    return new ECPoint(x, y);
  }
}
