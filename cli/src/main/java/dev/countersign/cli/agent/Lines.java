// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads lines of bytes, as many at once as are there, and never more of one than a limit. Not
 * thread-safe.
 */
final class Lines {
  /** Twice the longest message: what is longer cannot be sent, and is not kept. */
  static final int MAX_LINE_BYTES = 128 * 1024;

  private static final int READ_BYTES = 64 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[READ_BYTES];
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private boolean tooLong;
  private long number;
  private boolean ended;

  Lines(InputStream in) {
    this.in = in;
  }

  /**
   * A line.
   *
   * @param number from 1
   * @param tooLong whether it has more than {@link #MAX_LINE_BYTES}; then its content is left out
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, and gone
  record Line(long number, byte[] content, boolean tooLong) {}

  /** Waits for the next lines; empty at the end. */
  List<Line> next() throws IOException {
    var lines = new ArrayList<Line>();
    while (lines.isEmpty() && !ended) {
      int read = in.read(buffer);
      if (read < 0) {
        ended = true;
        if (begun.size() > 0 || tooLong) {
          lines.add(end());
        }
      } else {
        split(read, lines);
      }
    }
    return lines;
  }

  private void split(int read, List<Line> lines) {
    int from = 0;
    for (int i = 0; i < read; i++) {
      if (buffer[i] == '\n') {
        add(from, i);
        lines.add(end());
        from = i + 1;
      }
    }
    add(from, read);
  }

  private void add(int from, int to) {
    if (begun.size() + to - from > MAX_LINE_BYTES) {
      tooLong = true;
      begun.reset();
    }
    if (!tooLong) {
      begun.write(buffer, from, to - from);
    }
  }

  private Line end() {
    var line = new Line(++number, begun.toByteArray(), tooLong);
    begun.reset();
    tooLong = false;
    return line;
  }
}
