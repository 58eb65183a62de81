// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;

/** By what a device knows its server: a root of its maker, never a list of the platform. */
public sealed interface ServerTrust {
  /** The anchors, given what the server presented; empty if there is none in it. */
  List<X509Certificate> anchors(List<X509Certificate> presented);

  /** The root itself: after enrolment. */
  record Root(X509Certificate certificate) implements ServerTrust {
    @Override
    public List<X509Certificate> anchors(List<X509Certificate> presented) {
      return List.of(certificate);
    }
  }

  /**
   * The fingerprint of the root, from the enrolment token: at first contact. The server sends its
   * root along, so that even the first connection is verified before anything is sent on it.
   */
  record RootFingerprint(Sha256 fingerprint) implements ServerTrust {
    @Override
    public List<X509Certificate> anchors(List<X509Certificate> presented) {
      return presented.stream()
          .filter(certificate -> Certificates.fingerprint(certificate).equals(fingerprint))
          .limit(1)
          .collect(Collectors.toList());
    }
  }
}
