// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What is sent in one request: the readings of some entries, under a sequence number. Sent again,
 * it is the same number with the same bytes. Immutable.
 */
public final class Message {
  /** Below the server's default limit of 64 KiB for a body. */
  static final int MAX_BYTES = 60 * 1024;

  private final long sequence;
  private final byte[] body;
  private final int readings;
  private final int entries;

  private Message(long sequence, byte[] body, int readings, int entries) {
    this.sequence = sequence;
    this.body = body;
    this.readings = readings;
    this.entries = entries;
  }

  static Message of(long sequence, List<Entry> entries) {
    var body = new ByteArrayOutputStream();
    int readings = 0;
    char before = '[';
    for (Entry entry : entries) {
      body.write(before);
      body.write(entry.objects(), 0, entry.objects().length);
      readings += entry.readings();
      before = ',';
    }
    body.write(']');
    return new Message(sequence, body.toByteArray(), readings, entries.size());
  }

  /** The number it is sent under. */
  public long sequence() {
    return sequence;
  }

  /** The body of the request: a JSON array. Not to be changed. */
  public byte[] body() {
    return body;
  }

  /** How many readings are in it. */
  public int readings() {
    return readings;
  }

  /** How many entries of the queue are in it. */
  public int entries() {
    return entries;
  }

  /** Without the body: it has readings. */
  @Override
  public String toString() {
    return "Message[" + sequence + ", " + readings + " readings, " + body.length + " bytes]";
  }
}
