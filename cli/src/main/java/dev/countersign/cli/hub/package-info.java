// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code hub}: runs a hub with an example device, and stands for its screen and its button.
 *
 * <p>Every command but {@code run} asks the hub that runs on the same state directory ({@link
 * dev.countersign.hub.control}); none of them works over a network.
 */
@NullMarked
package dev.countersign.cli.hub;

import org.jspecify.annotations.NullMarked;
