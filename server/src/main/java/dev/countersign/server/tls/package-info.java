// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * TLS as our listeners speak it: 1.3 and 1.2, forward-secret AEAD suites only, a client certificate
 * asked for and never judged here.
 *
 * <p>A handshake fails only for reasons of TLS itself. Whether a certificate is good is decided per
 * connection and per request by the listener, so that a refusal reaches the journal with its
 * reason, and so that a resumed session is judged like a new one.
 */
@NullMarked
package dev.countersign.server.tls;

import org.jspecify.annotations.NullMarked;
