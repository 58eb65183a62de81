// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that takes what is queued and hands it over to be committed together, so that one sync
 * of the disk serves many. It never lingers for more to come: while one group is synced, the next
 * one gathers by itself.
 *
 * <p>Whatever {@link #submit} took is handed over exactly once, in the order of submission, also
 * when this is closed.
 *
 * @param <W> what is committed
 */
public final class GroupCommit<W> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /**
   * How much may wait, and how much goes into one group.
   *
   * @param queued works that may wait; more are refused
   * @param queuedBytes bytes of works that may wait; a single larger work is still taken when
   *     nothing waits
   * @param group works in one group
   * @param groupBytes a group takes no further work once it has so many bytes
   */
  public record Limits(int queued, long queuedBytes, int group, long groupBytes) {
    public Limits {
      if (queued < 1 || queuedBytes < 1 || group < 1 || groupBytes < 1) {
        throw new IllegalArgumentException("expected limits of at least 1");
      }
    }
  }

  private final Limits limits;
  private final ToLongFunction<W> bytesOf;
  private final Consumer<List<W>> committer;
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<W> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean waiting;
  private boolean closed;

  /**
   * Starts the thread.
   *
   * @param bytesOf how much memory a work holds, roughly
   * @param committer must settle every work of the group it is given, whatever happens
   */
  public GroupCommit(
      String threadName, Limits limits, ToLongFunction<W> bytesOf, Consumer<List<W>> committer) {
    this.limits = limits;
    this.bytesOf = bytesOf;
    this.committer = committer;
    this.writer = Thread.ofPlatform().name(threadName).daemon().unstarted(this::run);
    writer.start();
  }

  /**
   * Queues a work.
   *
   * @throws OverloadedException if the queue is full
   * @throws DatabaseException if this is closed
   */
  public void submit(W work) {
    long bytes = bytesOf.applyAsLong(work);
    lock.lock();
    try {
      if (closed) {
        throw new DatabaseException("the store is closed");
      }
      if (queue.size() >= limits.queued()) {
        throw new OverloadedException("expected at most " + limits.queued() + " writes waiting");
      }
      if (!queue.isEmpty() && queuedBytes + bytes > limits.queuedBytes()) {
        throw new OverloadedException(
            "expected at most " + limits.queuedBytes() + " bytes waiting to be written");
      }
      queue.add(work);
      queuedBytes += bytes;
      if (waiting) {
        waiting = false;
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many works wait. */
  public int queued() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the calling thread is the one that commits. */
  public boolean isWriter() {
    return Thread.currentThread().equals(writer);
  }

  private void run() {
    for (List<W> group = take(); !group.isEmpty(); group = take()) {
      try {
        committer.accept(group);
      } catch (RuntimeException | Error e) {
        LOG.error("bug=\"a group was not settled\" works={}", group.size(), e);
      }
    }
  }

  /** Waits for work; empty once this is closed and nothing is left. */
  private List<W> take() {
    var group = new ArrayList<W>();
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        waiting = true;
        arrived.awaitUninterruptibly();
      }
      long bytes = 0;
      while (group.size() < limits.group() && bytes < limits.groupBytes()) {
        W work = queue.poll();
        if (work == null) {
          break;
        }
        bytes += bytesOf.applyAsLong(work);
        group.add(work);
      }
      queuedBytes -= bytes;
      return group;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses further work, finishes what is queued, and ends the thread. */
  @Override
  public void close() {
    if (isWriter()) {
      throw new IllegalStateException("the writer cannot close itself");
    }
    lock.lock();
    try {
      closed = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
