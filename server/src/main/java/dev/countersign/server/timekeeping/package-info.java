// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Whether the machine's clock can be believed. Certificates are judged, and readings deleted for
 * their age, by that clock, and a machine that lost its battery may wake up in any year.
 */
@NullMarked
package dev.countersign.server.timekeeping;

import org.jspecify.annotations.NullMarked;
