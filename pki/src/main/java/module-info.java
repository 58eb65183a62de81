// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The issuer: certificate profiles, authorities and the keys they sign with.
 *
 * <p>Small enough to be audited alone. No HTTP, no SQL, no logging, no clock: whoever issues says
 * what the time is, and brings the source of randomness.
 */
@org.jspecify.annotations.NullMarked
module dev.countersign.pki {
  requires transitive dev.countersign.protocol;
  requires transitive org.jspecify;
  requires org.bouncycastle.provider;
  requires org.bouncycastle.pkix;

  exports dev.countersign.pki;
  exports dev.countersign.pki.key;
}
