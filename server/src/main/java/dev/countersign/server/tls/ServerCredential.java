// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a listener shows and proves itself with.
 *
 * @param key the private key of the leaf; does not show itself
 * @param chain leaf first, as sent: leaf, server CA, root, so that a device that knows only the
 *     root's fingerprint finds the root in it
 */
public record ServerCredential(PrivateKey key, List<X509Certificate> chain) {
  public ServerCredential {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a server needs a certificate");
    }
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  @Override
  public String toString() {
    return "ServerCredential[" + leaf().getSubjectX500Principal() + ", key hidden]";
  }
}
