// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.disk;

/** Asked before something is written because a device wants it. Thread-safe, and quick. */
@FunctionalInterface
public interface Room {
  /**
   * Returns if there is room.
   *
   * @throws dev.countersign.server.database.DiskFullException if what is left is for operators
   */
  void require();
}
