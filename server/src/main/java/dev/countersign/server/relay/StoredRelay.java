// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

/** An account and what is kept of its secret. */
public record StoredRelay(RelayAccount account, RelayCredential credential) {}
