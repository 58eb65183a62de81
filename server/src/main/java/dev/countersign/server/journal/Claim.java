// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.SubjectNames;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Who an attempt seemed to come from.
 *
 * @param serial the name that was given, if it has the form of a serial
 * @param certificate what was presented
 * @param isProven whether the serial was proven: not merely said, and not merely written in a
 *     certificate that nobody vouches for
 * @param holdsKey whether TLS has shown that the peer holds the certificate's key; then the ledger
 *     may turn the claim into a proof
 */
public record Claim(
    Optional<DeviceSerial> serial,
    Optional<Sha256> certificate,
    boolean isProven,
    boolean holdsKey) {
  /** Nobody in particular. */
  public static final Claim NONE = new Claim(Optional.empty(), Optional.empty(), false, false);

  /** A device that proved who it is. */
  public static Claim proven(DeviceSerial serial) {
    return new Claim(Optional.of(serial), Optional.empty(), true, false);
  }

  /** Somebody who said a name. */
  public static Claim named(String text) {
    return new Claim(serial(List.of(text)), Optional.empty(), false, false);
  }

  /** Somebody who presented these certificates, leaf first, and holds the leaf's key. */
  public static Claim holding(List<X509Certificate> presented) {
    return presented.isEmpty() ? NONE : presented(presented.getFirst(), true);
  }

  /** Somebody who presented a certificate in a handshake that did not come to its proof. */
  public static Claim presenting(X509Certificate certificate) {
    return presented(certificate, false);
  }

  private static Claim presented(X509Certificate certificate, boolean holdsKey) {
    return new Claim(
        serial(SubjectNames.claimed(certificate)),
        Optional.of(Certificates.fingerprint(certificate)),
        false,
        holdsKey);
  }

  /** The first that could be a serial at all: what cannot is a stranger's text, and not kept. */
  private static Optional<DeviceSerial> serial(List<String> names) {
    for (String name : names) {
      try {
        return Optional.of(DeviceSerial.parse(name));
      } catch (MalformedException e) {
        // the next one
      }
    }
    return Optional.empty();
  }
}
