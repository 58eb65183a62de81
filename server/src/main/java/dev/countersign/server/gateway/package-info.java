// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Where devices come in. Every listener is a thin adapter that ends in an {@link
 * dev.countersign.server.credentials.AuthenticatedDevice}; from there on there is one path.
 *
 * <p>Listeners do not know each other. What they share, the list of open connections, is here.
 */
@NullMarked
package dev.countersign.server.gateway;

import org.jspecify.annotations.NullMarked;
