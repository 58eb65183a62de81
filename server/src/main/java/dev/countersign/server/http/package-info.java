// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * One way of serving HTTP for every listener: limits first, then a handler that runs as plain
 * blocking code on a virtual thread and returns an {@link Answer}. What needs no waiting, a handler
 * may answer on the event loop. Errors are RFC 9457 problems.
 *
 * <p>Knows no route and no device. Query strings and header values are never logged here.
 */
@NullMarked
package dev.countersign.server.http;

import org.jspecify.annotations.NullMarked;
