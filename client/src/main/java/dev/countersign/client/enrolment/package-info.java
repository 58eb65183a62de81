// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/** Enrolment by EST (RFC 7030), the client's side. */
@NullMarked
package dev.countersign.client.enrolment;

import org.jspecify.annotations.NullMarked;
