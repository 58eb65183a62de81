// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The countersign command: the one place where everything is wired together.
 *
 * <p>{@link dev.countersign.cli.Main} lists the subcommands. Those that talk to a server live in
 * {@code device} and {@code administration}, over the client in {@code remote}; what they print and
 * how they fail is in {@code terminal}. No command decides anything about trust: it asks a server
 * or the library that does.
 */
@NullMarked
package dev.countersign.cli;

import org.jspecify.annotations.NullMarked;
