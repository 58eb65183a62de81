// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/** Makes an installation and runs it: {@code init} and {@code serve}. */
@NullMarked
package dev.countersign.cli.server;

import org.jspecify.annotations.NullMarked;
