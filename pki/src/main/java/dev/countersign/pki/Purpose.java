// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import java.util.Optional;

/** What a certificate may be used for: its extended key usage (RFC 5280 §4.2.1.12). */
enum Purpose {
  /** No extension. */
  ANY(Optional.empty()),
  /** id-kp-clientAuth. */
  CLIENT(Optional.of("1.3.6.1.5.5.7.3.2")),
  /** id-kp-serverAuth. */
  SERVER(Optional.of("1.3.6.1.5.5.7.3.1"));

  private final Optional<String> oid;

  Purpose(Optional<String> oid) {
    this.oid = oid;
  }

  /** The extension's content; empty for no extension. */
  Optional<String> oid() {
    return oid;
  }
}
