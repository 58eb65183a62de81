// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.protocol.telemetry.JsonReadings;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * One file of the queue: a head, then entries, appended and never changed.
 *
 * <pre>
 * file  = "CSQUEUE1" ‖ entry*
 * entry = length:4 ‖ readings:4 ‖ CRC-32 of all else in it:4 ‖ length bytes
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class Segment implements AutoCloseable {
  static final int HEAD_BYTES = 8;
  static final int ENTRY_HEAD_BYTES = 12;

  /** Read at once: a whole message, however small its entries are. */
  private static final int WINDOW_BYTES =
      Message.MAX_BYTES + JsonReadings.MAX_READINGS * ENTRY_HEAD_BYTES;

  private static final long HEAD = 0x4353515545554531L; // "CSQUEUE1"
  private static final String SUFFIX = ".queue";

  private final long number;
  private final Path file;
  private final FileChannel channel;

  /** Up to here entries are whole; when it is written to, up to here they are durable. */
  private long end;

  private long entries;

  private Segment(long number, Path file, FileChannel channel) {
    this.number = number;
    this.file = file;
    this.channel = channel;
    this.end = HEAD_BYTES;
  }

  /** An entry, and where the next one begins. */
  record Found(Entry entry, long next) {}

  static Path file(Path directory, long number) {
    return directory.resolve(String.format(Locale.ROOT, "%016d%s", number, SUFFIX));
  }

  /** The number of a segment's file; empty for other files. */
  static Optional<Long> number(Path file) {
    String name = file.getFileName().toString();
    return name.matches("\\d{16}\\" + SUFFIX)
        ? Optional.of(Long.parseLong(name.substring(0, 16)))
        : Optional.empty();
  }

  /** Makes an empty segment, durably. */
  static Segment create(Path directory, long number) throws IOException {
    Path file = file(directory, number);
    Files.deleteIfExists(file); // one whose head was cut off by a power cut
    FileChannel channel = DurableFile.create(file);
    try {
      DurableFile.writeFully(channel, ByteBuffer.allocate(HEAD_BYTES).putLong(0, HEAD));
      channel.force(true);
      DurableFile.syncDirectoryOf(file);
      return new Segment(number, file, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Opens a segment, and finds how far it is whole.
   *
   * @return empty if not even its head is
   */
  static Optional<Segment> open(Path directory, long number) throws IOException {
    Path file = file(directory, number);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      var segment = new Segment(number, file, channel);
      if (channel.size() < HEAD_BYTES || segment.bytes(0, HEAD_BYTES).getLong() != HEAD) {
        channel.close();
        return Optional.empty();
      }
      segment.scan();
      return Optional.of(segment);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void scan() throws IOException {
    long size = channel.size();
    for (List<Found> found = parse(end, size); !found.isEmpty(); found = parse(end, size)) {
      end = found.get(found.size() - 1).next();
      entries += found.size();
    }
  }

  long number() {
    return number;
  }

  Path file() {
    return file;
  }

  long end() {
    return end;
  }

  long entries() {
    return entries;
  }

  /** How many bytes follow the last whole entry. */
  long surplusBytes() throws IOException {
    return channel.size() - end;
  }

  /** Cuts off what follows the last whole entry: it was never said to be taken. */
  void cutOff() throws IOException {
    channel.truncate(end);
    channel.force(true);
  }

  /** Appends entries; durable when it returns. If it fails, none of them is there. */
  void append(List<Entry> more) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(more.stream().mapToInt(Segment::size).sum());
    for (Entry entry : more) {
      content
          .putInt(entry.objects().length)
          .putInt(entry.readings())
          .putInt(checksum(entry.objects().length, entry.readings(), entry.objects()))
          .put(entry.objects());
    }
    channel.position(end);
    DurableFile.writeFully(channel, ByteBuffer.wrap(content.array()));
    channel.force(false);
    end += content.capacity();
    entries += more.size();
  }

  static int size(Entry entry) {
    return ENTRY_HEAD_BYTES + entry.objects().length;
  }

  /**
   * Entries from a place on: at least one if there is one, at most a window full.
   *
   * @param limit where to stop
   */
  List<Found> read(long at, long limit) throws IOException {
    List<Found> found = parse(at, limit);
    if (found.isEmpty() && at < limit) {
      throw new IOException(file + ": damaged at byte " + at + "; restart to go on behind it");
    }
    return found;
  }

  private List<Found> parse(long at, long limit) throws IOException {
    ByteBuffer window = bytes(at, (int) Math.min(WINDOW_BYTES, limit - at));
    var found = new ArrayList<Found>();
    while (window.remaining() >= ENTRY_HEAD_BYTES) {
      int length = window.getInt();
      int readings = window.getInt();
      int checksum = window.getInt();
      if (length < 1 || length > window.remaining() || readings < 1) {
        break;
      }
      var objects = new byte[length];
      window.get(objects);
      if (checksum(length, readings, objects) != checksum) {
        break;
      }
      found.add(new Found(new Entry(objects, readings), at + window.position()));
    }
    return found;
  }

  private ByteBuffer bytes(long at, int length) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(length);
    while (content.hasRemaining()) {
      if (channel.read(content, at + content.position()) < 0) {
        throw new EOFException(file + " became shorter");
      }
    }
    return ByteBuffer.wrap(content.array());
  }

  private static int checksum(int length, int readings, byte[] objects) {
    var crc = new CRC32();
    crc.update(ByteBuffer.allocate(8).putInt(length).putInt(readings).array());
    crc.update(objects);
    return (int) crc.getValue();
  }

  /** Closes and removes it: all in it was acknowledged. */
  void delete() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
