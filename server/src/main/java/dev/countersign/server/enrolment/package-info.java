// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Enrolment of devices (RFC 7030): who may have a certificate, by a one-time token or by the
 * certificate it has, and what is issued. Whatever is issued is in the ledger before it leaves.
 *
 * <p>Knows the messages of neither EST nor HTTP, and keeps of a token only its hash.
 */
@NullMarked
package dev.countersign.server.enrolment;

import org.jspecify.annotations.NullMarked;
