// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The hub's one port (docs/protocol.md, Pairing): TLS 1.3, and behind it three protocols by ALPN
 * that share nothing. {@code cs-pair/1} pairs, {@code cs/1} is for phones on the list, and a
 * browser without either sees a page.
 */
@NullMarked
package dev.countersign.hub.gateway;

import org.jspecify.annotations.NullMarked;
