// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code hub station}, {@code hub provision}, {@code hub replace-key}: makes hubs, without a server
 * and without a network ({@link dev.countersign.hub.factory}).
 */
@NullMarked
package dev.countersign.cli.hub.factory;

import org.jspecify.annotations.NullMarked;
