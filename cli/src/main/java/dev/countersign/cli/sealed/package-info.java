// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code countersign seal} and {@code open}: sealed messages by hand, for who writes a device in
 * another language or asks what a token holds. They talk to no server.
 */
@NullMarked
package dev.countersign.cli.sealed;

import org.jspecify.annotations.NullMarked;
