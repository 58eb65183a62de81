// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki.key;

/** The keys this issuer makes. */
public enum KeyKind {
  /** The default for everything that lives for years at most. */
  P256("P-256"),
  /** For roots: 25 years want a margin. */
  P384("P-384"),
  /** For peers without elliptic curves. */
  RSA_2048("RSA-2048"),
  RSA_3072("RSA-3072");

  private final String displayName;

  KeyKind(String displayName) {
    this.displayName = displayName;
  }

  /** The name people use. */
  public String displayName() {
    return displayName;
  }
}
