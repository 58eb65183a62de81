// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import java.math.BigInteger;
import java.util.Optional;

/** Moduli that others can factor because of how they were made. */
final class RsaWeakness {
  /** Trial division up to here (CA/B baseline requirements 6.1.6 ask for 752). */
  private static final int MAX_SMALL_PRIME = 1 << 16;

  /** The primes of the fingerprint in the ROCA paper (Nemec et al., CCS 2017, §2.3). */
  private static final int MAX_ROCA_PRIME = 167;

  private static final int ROCA_GENERATOR = 65_537;

  /** CA/B baseline requirements 6.1.1.3: a hundred rounds find primes that were made too close. */
  private static final int FERMAT_ROUNDS = 100;

  /** A modulus is composite unless somebody made it prime on purpose; one round tells. */
  private static final int PRIMALITY_CERTAINTY = 2;

  private static final BigInteger SMALL_PRIMES_PRODUCT = productOfSmallPrimes();

  private RsaWeakness() {}

  /** What is wrong with this modulus of at least 2048 bits, if anything is. */
  static Optional<String> of(BigInteger modulus) {
    if (!modulus.gcd(SMALL_PRIMES_PRODUCT).equals(BigInteger.ONE)) {
      return Optional.of("expected an RSA modulus of two large primes, got a small factor");
    } else if (modulus.isProbablePrime(PRIMALITY_CERTAINTY)) {
      return Optional.of("expected an RSA modulus of two large primes, got a prime");
    } else if (hasRocaFingerprint(modulus)) {
      return Optional.of(
          "expected random RSA primes, got the pattern of a flawed chip library (CVE-2017-15361)");
    } else if (hasClosePrimes(modulus)) {
      return Optional.of("expected independent RSA primes, got two close together");
    }
    return Optional.empty();
  }

  /**
   * Every prime of that library is a power of 65537 modulo many small primes; so is their product.
   * A random modulus passes for one with a chance of about 2^-27.
   */
  private static boolean hasRocaFingerprint(BigInteger modulus) {
    for (int prime = 3; prime <= MAX_ROCA_PRIME; prime += 2) {
      if (isPrime(prime) && !isPowerOfGenerator(modulus.mod(BigInteger.valueOf(prime)), prime)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPowerOfGenerator(BigInteger residue, int prime) {
    int wanted = residue.intValueExact();
    int power = 1;
    do {
      if (power == wanted) {
        return true;
      }
      power = (int) ((long) power * ROCA_GENERATOR % prime);
    } while (power != 1);
    return false;
  }

  /** Fermat's factorization: n = a² − b² is quick when a starts next to the root of n. */
  private static boolean hasClosePrimes(BigInteger modulus) {
    BigInteger a = modulus.sqrt();
    if (a.multiply(a).equals(modulus)) {
      return true;
    }
    for (int round = 0; round < FERMAT_ROUNDS; round++) {
      a = a.add(BigInteger.ONE);
      BigInteger rest = a.multiply(a).subtract(modulus);
      BigInteger root = rest.sqrt();
      if (root.multiply(root).equals(rest)) {
        return true;
      }
    }
    return false;
  }

  private static BigInteger productOfSmallPrimes() {
    BigInteger product = BigInteger.TWO;
    for (int candidate = 3; candidate < MAX_SMALL_PRIME; candidate += 2) {
      if (isPrime(candidate)) {
        product = product.multiply(BigInteger.valueOf(candidate));
      }
    }
    return product;
  }

  private static boolean isPrime(int candidate) {
    for (int divisor = 3; divisor * divisor <= candidate; divisor += 2) {
      if (candidate % divisor == 0) {
        return false;
      }
    }
    return true;
  }
}
