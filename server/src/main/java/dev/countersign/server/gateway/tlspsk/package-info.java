// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The device API over TLS with a pre-shared key (docs/protocol.md, TLS with a pre-shared key):
 * which key an identity stands for, and whether its device may come in at all. What is behind the
 * handshake is that of the other device listener.
 */
@NullMarked
package dev.countersign.server.gateway.tlspsk;

import org.jspecify.annotations.NullMarked;
