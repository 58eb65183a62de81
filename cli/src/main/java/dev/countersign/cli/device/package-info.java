// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code device}, {@code settings} and {@code readings}: what an operator does with one device or a
 * list of them.
 */
@NullMarked
package dev.countersign.cli.device;

import org.jspecify.annotations.NullMarked;
