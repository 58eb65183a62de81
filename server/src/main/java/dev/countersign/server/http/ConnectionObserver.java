// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

/**
 * Learns what failed before any handler could see it. Called on event loops, by several at once;
 * must not block. What it throws is logged and hurts no connection.
 */
@FunctionalInterface
public interface ConnectionObserver {
  ConnectionObserver NONE = failure -> {};

  void failed(ConnectionFailure failure);
}
