// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls;

/**
 * Marks an {@link javax.net.ssl.SSLEngine} whose delegated tasks may wait, for a database say: they
 * must not run on an event loop.
 */
public interface BlockingTasks {}
