// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What every subcommand shares: where it prints, how it fails, exit codes, tables, durations, and
 * files that only their owner may read.
 *
 * <p>Knows no command and no server.
 */
@NullMarked
package dev.countersign.cli.terminal;

import org.jspecify.annotations.NullMarked;
