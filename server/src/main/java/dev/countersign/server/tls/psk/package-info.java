// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * TLS with a pre-shared key, as an engine that the HTTP server carries like any other: external PSK
 * with (EC)DHE in TLS 1.3 (RFC 8446 §2.2, RFC 9257), ECDHE-PSK in TLS 1.2 (RFC 5489, RFC 8442).
 * Forward-secret always; no resumption, no renegotiation, no certificates. The protocol itself is
 * Bouncy Castle's.
 *
 * <p>Who holds which key is not known here: {@link dev.countersign.server.tls.psk.PreSharedKeys}
 * says. A peer learns nothing from a refusal: an unknown identity, a wrong key and a device that
 * may not come in end in the same alert after the same work.
 */
@NullMarked
package dev.countersign.server.tls.psk;

import org.jspecify.annotations.NullMarked;
