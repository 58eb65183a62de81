// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.disk;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A store as the watch sees it.
 *
 * @param name for logs and metrics
 * @param failure why it cannot write, if its last write failed
 * @param tryAgain makes it try, and returns without waiting for that; may throw
 */
public record WatchedStore(String name, Supplier<Optional<String>> failure, Runnable tryAgain) {}
