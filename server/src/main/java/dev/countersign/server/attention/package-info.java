// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What a person should do something about, each with a code that never changes, what is the matter,
 * and what to do. Only what is so now, and only where something can be done.
 */
@NullMarked
package dev.countersign.server.attention;

import org.jspecify.annotations.NullMarked;
