// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Enrolment over Secure Transport, the messages: {@code cacerts}, {@code simpleenroll}, {@code
 * simplereenroll}, {@code csrattrs} (RFC 7030 §4, clarified by RFC 8951), and the one-time token
 * that opens the first enrolment.
 *
 * <p>HTTP and the decision whether to issue are elsewhere. Server-side key generation (§4.4) does
 * not exist here: a device's key never leaves the device.
 */
@NullMarked
package dev.countersign.protocol.est;

import org.jspecify.annotations.NullMarked;
