// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * How log lines look: one event is one line, whatever a peer put into it, and no peer can make the
 * log grow as fast as it can send.
 *
 * <p>Messages are written as {@code key={} key="{}"}. What stands for a placeholder is data, and
 * can neither end the line nor add a key.
 */
@NullMarked
package dev.countersign.cli.log;

import org.jspecify.annotations.NullMarked;
