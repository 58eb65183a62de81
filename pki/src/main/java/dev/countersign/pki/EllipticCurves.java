// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.List;
import java.util.Optional;

/** The two curves of certified keys, and the test that a point lies on one. */
final class EllipticCurves {
  private static final List<ECParameterSpec> CERTIFIED =
      List.of(named("secp256r1"), named("secp384r1"));

  private EllipticCurves() {}

  /**
   * The platform's own parameters of a certified curve.
   *
   * @param presented compared by value, generator included: with parameters of an attacker's choice
   *     any public key has a known private half (CVE-2020-0601)
   */
  static Optional<ECParameterSpec> certified(ECParameterSpec presented) {
    return CERTIFIED.stream()
        .filter(curve ->
            curve.getCurve().equals(presented.getCurve())
                && curve.getGenerator().equals(presented.getGenerator())
                && curve.getOrder().equals(presented.getOrder())
                && curve.getCofactor() == presented.getCofactor())
        .findFirst();
  }

  /** SEC 1 §3.2.2.1: not infinity, coordinates below p, and y² = x³ + ax + b. */
  static boolean contains(ECParameterSpec parameters, ECPoint point) {
    if (point.equals(ECPoint.POINT_INFINITY)
        || !(parameters.getCurve().getField() instanceof ECFieldFp field)) {
      return false;
    }
    BigInteger p = field.getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    if (x.signum() < 0 || y.signum() < 0 || x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
      return false;
    }
    BigInteger right =
        x.multiply(x)
            .add(parameters.getCurve().getA())
            .multiply(x)
            .add(parameters.getCurve().getB())
            .mod(p);
    return y.multiply(y).mod(p).equals(right);
  }

  private static ECParameterSpec named(String name) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + name, e);
    }
  }
}
