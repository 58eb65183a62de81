// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * How the commands on the device's own disk reach a running hub: a Unix domain socket in its state
 * directory, lines of JSON, one answer to each request.
 *
 * <p>There is no password: the socket is for the user of the state directory alone (0600 in 0700),
 * and whoever may open that directory is as good as somebody who stands at the device (docs/hub.md,
 * The panel). It is never reachable over a network.
 */
@NullMarked
package dev.countersign.hub.control;

import org.jspecify.annotations.NullMarked;
