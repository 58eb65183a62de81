// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import java.time.Period;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The table of what each kind of certificate contains (RFC 5280 §4.2). All have a serial number of
 * 127 random bits, a subject key identifier and, unless self-signed, the issuer's.
 *
 * <p>Authorities: basicConstraints and keyUsage (keyCertSign, cRLSign) critical. An issuing
 * authority also carries the purpose of what it issues: most validators nest purposes, and name
 * constraints alone would let a server authority issue a device's URN. The roots carry none.
 *
 * <p>End entities: keyUsage digitalSignature critical, one extended key usage, no basicConstraints.
 */
public enum CertificateProfile {
  /**
   * Trusted by devices, kept offline. The path length of 2 leaves room for a factory authority that
   * certifies one authority per production line; a root cannot be changed for 25 years, and every
   * issuing authority is held at 0 by its own certificate.
   */
  ROOT(Period.ofYears(25), OptionalInt.of(2), Purpose.ANY),
  /** Trusted by the operator API alone; signs operators directly. */
  OPERATOR_ROOT(Period.ofYears(10), OptionalInt.of(0), Purpose.ANY),
  DEVICE_AUTHORITY(Period.ofYears(5), OptionalInt.of(0), Purpose.CLIENT),
  HUB_AUTHORITY(Period.ofYears(5), OptionalInt.of(0), Purpose.SERVER),
  SERVER_AUTHORITY(Period.ofYears(5), OptionalInt.of(0), Purpose.SERVER),
  /** An LDevID (IEEE 802.1AR); see {@link DeviceValidity} for models without a clock. */
  DEVICE(Period.ofDays(90), OptionalInt.empty(), Purpose.CLIENT),
  SERVER(Period.ofDays(90), OptionalInt.empty(), Purpose.SERVER),
  OPERATOR(Period.ofYears(1), OptionalInt.empty(), Purpose.CLIENT),
  /**
   * A hub. Without end, although the authority above it has one: it has no clock, nobody renews it,
   * and it is judged as it was issued, with its id and its key pinned besides (docs/protocol.md,
   * Certificates). What its authority's end bounds is for how long hubs can be made.
   */
  HUB(OptionalInt.empty(), Purpose.SERVER),
  /**
   * The authority of one hub for its phones; trusted by that hub alone. Without end, since the hub
   * has no clock to see it by. It carries its purpose, and so is never taken for an operators'
   * root.
   */
  PHONE_ROOT(OptionalInt.of(0), Purpose.CLIENT),
  /** A phone on one hub. Without end: the hub's list of phones decides. */
  PHONE(OptionalInt.empty(), Purpose.CLIENT);

  private final Optional<Period> validity;
  private final OptionalInt pathLength;
  private final Purpose purpose;

  CertificateProfile(Period validity, OptionalInt pathLength, Purpose purpose) {
    this(Optional.of(validity), pathLength, purpose);
  }

  CertificateProfile(OptionalInt pathLength, Purpose purpose) {
    this(Optional.empty(), pathLength, purpose);
  }

  CertificateProfile(Optional<Period> validity, OptionalInt pathLength, Purpose purpose) {
    this.validity = validity;
    this.pathLength = pathLength;
    this.purpose = purpose;
  }

  /** How long it lives, unless its issuer ends before; empty for one without end. */
  public Optional<Period> validity() {
    return validity;
  }

  /** How many authorities may stand below it; empty for an end entity. */
  public OptionalInt pathLength() {
    return pathLength;
  }

  Purpose purpose() {
    return purpose;
  }
}
