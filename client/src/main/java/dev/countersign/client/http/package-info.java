// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP/1.1 (RFC 9112) on a connection that somebody else opened: one request, one answer, with
 * limits on everything. No pipelining, no compression, no redirects, no cookies.
 */
@NullMarked
package dev.countersign.client.http;

import org.jspecify.annotations.NullMarked;
