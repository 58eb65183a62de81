// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import dev.countersign.client.storage.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * Keeps a {@link Progress} in one small file that never grows: three pages, the highest valid
 * generation counts.
 *
 * <p>Two pages are written in turn and synced; so a power cut while one is written leaves the other
 * one, which is the last that was promised. The third holds what need not be promised: that a
 * message was acknowledged. If it is lost, the message is sent once more, and the server knows it.
 *
 * <p>Not thread-safe.
 */
final class ProgressFile implements AutoCloseable {
  /** A disk writes no less than this at once; so no page suffers when another is written. */
  private static final int PAGE_BYTES = 4096;

  private static final int PAGES = 3;
  private static final int UNPROMISED_PAGE = 2;
  private static final long HEAD = 0x435350524f475331L; // "CSPROGS1"
  private static final int CONTENT_BYTES = 7 * Long.BYTES;
  private static final int RECORD_BYTES = CONTENT_BYTES + Integer.BYTES;

  private final FileChannel channel;
  private Progress progress = Progress.NONE;

  /** The page that holds the last promise. */
  private int promisedPage;

  private ProgressFile(FileChannel channel) {
    this.channel = channel;
  }

  static ProgressFile open(Path directory) throws IOException {
    Path file = directory.resolve("progress");
    if (!Files.exists(file)) {
      DurableFile.replace(file, new byte[PAGES * PAGE_BYTES]);
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var opened = new ProgressFile(channel);
    try {
      opened.load();
      return opened;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void load() throws IOException {
    Progress promised = Progress.NONE;
    for (int page = 0; page < PAGES; page++) {
      Progress found = read(page);
      if (page != UNPROMISED_PAGE && found.generation() > promised.generation()) {
        promised = found;
        promisedPage = page;
      }
      if (found.generation() > progress.generation()) {
        progress = found;
      }
    }
  }

  private Progress read(int page) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(RECORD_BYTES);
    while (content.hasRemaining()) {
      if (channel.read(content, (long) page * PAGE_BYTES + content.position()) < 0) {
        return Progress.NONE;
      }
    }
    byte[] found = content.array();
    content = ByteBuffer.wrap(found);
    boolean whole = content.getInt(CONTENT_BYTES) == checksum(found) && content.getLong() == HEAD;
    return whole
        ? new Progress(
            content.getLong(),
            content.getLong(),
            content.getLong(),
            content.getLong(),
            content.getLong(),
            content.getLong())
        : Progress.NONE;
  }

  Progress progress() {
    return progress;
  }

  /** Durable when it returns. */
  void promise(Progress next) throws IOException {
    int page = 1 - promisedPage;
    write(page, next);
    channel.force(false);
    promisedPage = page;
    progress = next;
  }

  /** May be forgotten in a power cut. */
  void note(Progress next) throws IOException {
    write(UNPROMISED_PAGE, next);
    progress = next;
  }

  private void write(int page, Progress next) throws IOException {
    ByteBuffer content =
        ByteBuffer.allocate(RECORD_BYTES)
            .putLong(HEAD)
            .putLong(next.generation())
            .putLong(next.sequence())
            .putLong(next.entries())
            .putLong(next.segment())
            .putLong(next.from())
            .putLong(next.to());
    content.putInt(checksum(content.array()));
    ByteBuffer whole = ByteBuffer.wrap(content.array());
    long at = (long) page * PAGE_BYTES;
    while (whole.hasRemaining()) {
      channel.write(whole, at + whole.position());
    }
  }

  private static int checksum(byte[] content) {
    var crc = new CRC32();
    crc.update(content, 0, CONTENT_BYTES);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
