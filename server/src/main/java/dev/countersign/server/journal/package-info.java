// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Why did my device not connect? Every attempt that came to nothing, with how far it got, who was
 * seen, the reason, and what to do about it.
 *
 * <p>Bounded on every side, because strangers fill it: in memory until the next flush, per device,
 * for what nobody can be found for, and in age. What is only claimed has a room of its own and
 * cannot push out what was proven. Nothing here is acknowledged to anybody: the last second may be
 * lost in a crash. It holds no secrets, and no query strings.
 *
 * <p>What changes trust is not here but in {@code audit}.
 */
@NullMarked
package dev.countersign.server.journal;

import org.jspecify.annotations.NullMarked;
