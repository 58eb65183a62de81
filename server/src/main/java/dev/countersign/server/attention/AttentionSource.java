// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import java.util.List;

/** Looks after one kind of thing. Asked now and then, from any thread; may read the database. */
@FunctionalInterface
public interface AttentionSource {
  /** What is the matter now; mostly nothing. */
  List<Attention> look();
}
