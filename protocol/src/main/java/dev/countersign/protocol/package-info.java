// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The nouns every other package shares: a device's serial, a plain value, and the root of the
 * exceptions that say "the other side sent something wrong".
 */
@NullMarked
package dev.countersign.protocol;

import org.jspecify.annotations.NullMarked;
