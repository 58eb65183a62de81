// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.protocol.ProtocolException;

/** Answers one request, as blocking code on a virtual thread. Used by many threads. */
@FunctionalInterface
public interface Handler {
  Answer handle(Exchange exchange) throws ProtocolException;
}
