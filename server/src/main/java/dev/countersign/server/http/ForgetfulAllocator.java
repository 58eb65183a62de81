// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * Takes no memory on the heap from a pool. A pool overwrites nothing that is given back: what a
 * connection carried, tokens among it, would lie in the heap for as long as the server runs.
 * Garbage goes with the next collection.
 *
 * <p>Memory off the heap is pooled as ever; no heap dump shows it. Safe for use by many threads.
 */
final class ForgetfulAllocator extends AbstractByteBufAllocator {
  private final ByteBufAllocator offHeap;

  /**
   * An allocator in place of another.
   *
   * @param offHeap where memory off the heap comes from
   */
  ForgetfulAllocator(ByteBufAllocator offHeap) {
    super(true); // prefers memory off the heap where it has the choice, like what it replaces
    this.offHeap = offHeap;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return offHeap.directBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return offHeap.isDirectBufferPooled();
  }
}
