// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * How much one device or one address may ask for. What is kept about each is one number, and of how
 * many it is kept is bounded, so that a limit cannot be turned into a way to fill the memory.
 */
@NullMarked
package dev.countersign.server.quota;

import org.jspecify.annotations.NullMarked;
