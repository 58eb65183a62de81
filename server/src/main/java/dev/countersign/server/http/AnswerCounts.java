// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many requests of one listener got which status. Any thread. */
final class AnswerCounts {
  /** Every status that a listener of ours answers with. */
  static final List<Integer> STATUSES =
      List.of(
          200, 201, 204, 304, 400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 429, 431, 500,
          503, 505);

  private static final int STATUS_LIMIT = 600;

  private final AtomicLongArray counts = new AtomicLongArray(STATUS_LIMIT);

  void count(int status) {
    counts.incrementAndGet(status);
  }

  long of(int status) {
    return counts.get(status);
  }
}
