// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The journal of what changes trust: each entry carries the hash of the one before, so that a
 * changed, removed, added or reordered entry shows.
 *
 * <p>Whoever can write the database can rewrite the whole chain from some entry on; against that
 * helps a head that was noted elsewhere, as in an export. The journal keeps no secrets.
 */
@NullMarked
package dev.countersign.server.audit;

import org.jspecify.annotations.NullMarked;
