// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What systemd and a service say to each other: sockets it opened for us (sd_listen_fds(3)), and
 * how we are (sd_notify(3)).
 *
 * <p>Java cannot take several inherited sockets; Netty's native transport can. So this package
 * works where that transport does, on Linux, and nothing of it is loaded without systemd.
 */
@NullMarked
package dev.countersign.server.systemd;

import org.jspecify.annotations.NullMarked;
