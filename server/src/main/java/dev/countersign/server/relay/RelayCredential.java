// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.protocol.Sha256;

/** What is kept of a relay's secret. */
public sealed interface RelayCredential {
  /** To sign with it takes the secret itself: wrapped, under a key that is not in the database. */
  @SuppressWarnings("ArrayRecordComponent") // made by the store, and read
  record Wrapped(byte[] bytes) implements RelayCredential {}

  /** To compare it takes its hash alone. */
  record Hashed(Sha256 hash) implements RelayCredential {}
}
