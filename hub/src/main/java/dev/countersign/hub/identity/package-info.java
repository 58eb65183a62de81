// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Who a hub is: its key, its certificate from its maker's root, and the secret on its label; made
 * once in a factory and kept for ever, through every reset.
 *
 * <p>Knows nothing of phones, and makes nothing: that is {@code hub.factory}.
 */
@NullMarked
package dev.countersign.hub.identity;

import org.jspecify.annotations.NullMarked;
