// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The server as a whole: {@link dev.countersign.server.ServerConfig} says what, {@link
 * dev.countersign.server.Server} opens all and closes it in reverse. Nothing inside imports these.
 */
@NullMarked
package dev.countersign.server;

import org.jspecify.annotations.NullMarked;
