// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Readings that wait for the server, in order, and the one message that is on its way.
 *
 * <p><b>Guarantees</b>, also over a power cut at any moment: what was taken is sent, once, in the
 * order in which it was taken. A message keeps its number and its bytes until it is acknowledged.
 * Numbers only rise, over restarts and over enrolments.
 *
 * <p>Safe for use by many threads that offer and one that sends.
 */
public interface MessageQueue extends AutoCloseable {
  /**
   * Takes as many of these as there is room for, in order; those are durable when it returns.
   *
   * @return how many were taken; 0 if the queue is full
   * @throws IOException if they cannot be stored; then none was taken
   */
  int offer(List<Entry> entries) throws IOException;

  /** Waits until there is room. */
  boolean awaitRoom(Duration atMost) throws InterruptedException;

  /**
   * The message to be sent now: the same one until it is acknowledged or changed by one of the
   * methods below. Its number and its extent are durable when it is returned.
   *
   * @return empty if nothing came in that time
   */
  Optional<Message> next(Duration atMost) throws IOException, InterruptedException;

  /**
   * Begins to count at a number, if none was used yet: a device that lost its queue, and not its
   * key, must not come with a number that the server knows from before.
   *
   * @param first from 1
   */
  void beginAt(long first) throws IOException;

  /** The server has it. */
  void acknowledge(Message message) throws IOException;

  /**
   * Gives a message a higher number: the server knows another one under its number.
   *
   * @param skip how many numbers to leave out
   */
  Message renumber(Message message, long skip) throws IOException;

  /**
   * Makes a message smaller, under a new number, if it has more than one entry; the rest follows.
   *
   * @return empty if it has one entry only
   */
  Optional<Message> split(Message message) throws IOException;

  /** Gives a message up that the server will never take; keeps it for a person to look at. */
  void setAside(Message message) throws IOException;

  /** How many entries are not acknowledged. */
  long size();

  /**
   * How many entries were taken, ever. Who feeds the queue and was cut off knows by this which were
   * taken before.
   */
  long taken();

  /** What was found and mended when it was opened: for a person to know of. */
  List<String> findings();

  @Override
  void close() throws IOException;
}
