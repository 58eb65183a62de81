// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Every certificate this installation ever issued, from before it is handed out. Rows are never
 * deleted, so that what is not here was not issued by us.
 *
 * <p>Issues nothing and verifies nothing.
 */
@NullMarked
package dev.countersign.server.ledger;

import org.jspecify.annotations.NullMarked;
