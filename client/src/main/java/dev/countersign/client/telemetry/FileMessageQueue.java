// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.protocol.telemetry.JsonReadings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A message queue in a directory: segments with entries, and a file with the progress.
 *
 * <p>The way of an entry: appended and synced (taken) → its message's number and extent synced
 * (under way) → sent → acknowledged, noted without a sync → the segment removed when all of it is
 * acknowledged.
 */
public final class FileMessageQueue implements MessageQueue {
  /** What the server refused for good is kept up to here. */
  private static final long MAX_SET_ASIDE_BYTES = 1 << 20;

  private final Path directory;
  private final QueueLimits limits;
  private final long segmentBytes;
  private final ProgressFile progressFile;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();

  private long waitingEntries;
  private long waitingBytes;

  /** The message under way, if it was read already. */
  private @Nullable Message current;

  /** A write failed, and what it left behind may be there: nothing is appended behind that. */
  private boolean needsNewSegment;

  private FileMessageQueue(
      Path directory, QueueLimits limits, long segmentBytes, ProgressFile progressFile) {
    this.directory = directory;
    this.limits = limits;
    this.segmentBytes = segmentBytes;
    this.progressFile = progressFile;
  }

  /**
   * Opens the queue in this directory, made if it is not there. Belongs to one process: the caller
   * holds a {@link StateDirectory}.
   */
  public static FileMessageQueue open(Path directory, QueueLimits limits) throws IOException {
    return open(directory, limits, limits.segmentBytes());
  }

  /** With files that end at about this size. */
  static FileMessageQueue open(Path directory, QueueLimits limits, long segmentBytes)
      throws IOException {
    StateDirectory.make(directory);
    var queue = new FileMessageQueue(directory, limits, segmentBytes, ProgressFile.open(directory));
    try {
      queue.openSegments();
      return queue;
    } catch (IOException e) {
      queue.closeFiles();
      throw e;
    }
  }

  private void openSegments() throws IOException {
    SortedSet<Long> numbers = segmentNumbers();
    for (long number : numbers) {
      boolean last = number == numbers.last();
      Optional<Segment> segment = Segment.open(directory, number);
      if (!segment.isPresent()) {
        Files.delete(Segment.file(directory, number));
        if (!last) {
          findings.add(Segment.file(directory, number) + " was damaged; its readings are lost");
        }
        continue;
      }
      mend(segment.get(), last);
      segments.put(number, segment.get());
    }
    if (segments.isEmpty()) {
      addSegment();
    }
    settleProgress();
    count();
  }

  private SortedSet<Long> segmentNumbers() throws IOException {
    var numbers = new TreeSet<Long>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Segment.number(file).ifPresent(numbers::add);
      }
    }
    return numbers;
  }

  /** A power cut leaves half an entry at the end of the last segment, and nowhere else. */
  private void mend(Segment segment, boolean last) throws IOException {
    long surplus = segment.surplusBytes();
    if (surplus == 0) {
      return;
    }
    if (last) {
      segment.cutOff();
      findings.add(surplus + " bytes that were not taken yet were cut off: the power failed");
    } else {
      findings.add(
          segment.file() + ": damaged at byte " + segment.end() + "; what follows in it is lost");
    }
  }

  /** Makes the progress point into the segments that there are. */
  private void settleProgress() throws IOException {
    Progress progress = progressFile.progress();
    Segment segment = segments.get(progress.segment());
    if (segment == null) {
      // A segment is only removed when all of it was acknowledged.
      progressFile.promise(progress.idleAt(segments.firstKey(), Segment.HEAD_BYTES));
    } else if (progress.to() > segment.end()) {
      findings.add(
          segment.file() + ": message " + progress.sequence() + " is damaged; the rest is sent");
      long begin = Math.min(progress.from(), segment.end());
      progressFile.promise(progress.idleAt(progress.segment(), begin));
    }
    dropAcknowledgedSegments();
  }

  private void count() throws IOException {
    Progress progress = progressFile.progress();
    for (Segment segment : segments.tailMap(progress.segment(), true).values()) {
      long at = segment.number() == progress.segment() ? progress.from() : Segment.HEAD_BYTES;
      waitingBytes += segment.end() - at;
      if (at == Segment.HEAD_BYTES) {
        waitingEntries += segment.entries();
      } else {
        waitingEntries += entries(segment, at, segment.end()).size();
      }
    }
  }

  private static List<Entry> entries(Segment segment, long from, long to) throws IOException {
    var entries = new ArrayList<Entry>();
    for (long at = from; at < to; ) {
      for (Segment.Found found : segment.read(at, to)) {
        entries.add(found.entry());
        at = found.next();
      }
    }
    return entries;
  }

  private Segment addSegment() throws IOException {
    long number = segments.isEmpty() ? progressFile.progress().segment() + 1 : last().number() + 1;
    Segment segment = Segment.create(directory, number);
    segments.put(number, segment);
    return segment;
  }

  private Segment last() {
    return segments.lastEntry().getValue();
  }

  @Override
  public synchronized int offer(List<Entry> entries) throws IOException {
    List<Entry> taken = entries.subList(0, room(entries));
    if (taken.isEmpty()) {
      return 0;
    }
    Segment segment = last();
    if (needsNewSegment) {
      segment.cutOff();
    }
    if (needsNewSegment || segment.end() >= segmentBytes) {
      segment = addSegment();
      needsNewSegment = false;
    }
    try {
      long before = segment.end();
      segment.append(taken);
      waitingBytes += segment.end() - before;
      waitingEntries += taken.size();
    } catch (IOException e) {
      // What was written is cut off before the next attempt: it would be sent, though it was
      // refused here and will be offered again. And nothing is appended to a file that failed.
      needsNewSegment = true;
      throw e;
    }
    notifyAll();
    return taken.size();
  }

  private int room(List<Entry> entries) {
    long bytes = waitingBytes;
    int taken = 0;
    for (Entry entry : entries) {
      bytes += Segment.size(entry);
      if (bytes > limits.maxBytes() || waitingEntries + taken >= limits.maxEntries()) {
        break;
      }
      taken++;
    }
    return taken;
  }

  private boolean isFull() {
    return waitingBytes + Entry.MAX_BYTES + Segment.ENTRY_HEAD_BYTES > limits.maxBytes()
        || waitingEntries >= limits.maxEntries();
  }

  @Override
  public synchronized boolean awaitRoom(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (isFull()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public synchronized Optional<Message> next(Duration atMost)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (waitingEntries == 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left);
    }
    if (current == null) {
      current = progressFile.progress().isUnderWay() ? underWay() : begin();
    }
    return Optional.of(current);
  }

  private Message underWay() throws IOException {
    Progress progress = progressFile.progress();
    Segment segment = segmentOf(progress);
    return Message.of(progress.sequence(), entries(segment, progress.from(), progress.to()));
  }

  private Segment segmentOf(Progress progress) {
    Segment segment = segments.get(progress.segment());
    if (segment == null) {
      throw new IllegalStateException("a message of a segment that is gone");
    }
    return segment;
  }

  private Message begin() throws IOException {
    Progress progress = progressFile.progress();
    Segment segment = segmentOf(progress);
    long from = progress.from();
    while (from >= segment.end()) {
      segment = segments.higherEntry(segment.number()).getValue();
      from = Segment.HEAD_BYTES;
    }
    return put(progress.sequence() + 1, segment, from, Integer.MAX_VALUE);
  }

  /** Makes a message of what stands there, as much as fits. */
  private Message put(long sequence, Segment segment, long from, int maxEntries)
      throws IOException {
    var entries = new ArrayList<Entry>();
    long to = from;
    int bytes = 1;
    int readings = 0;
    for (Segment.Found found : segment.read(from, segment.end())) {
      Entry entry = found.entry();
      bytes += entry.objects().length + 1;
      readings += entry.readings();
      if (bytes > Message.MAX_BYTES
          || readings > JsonReadings.MAX_READINGS
          || entries.size() == maxEntries) {
        break;
      }
      entries.add(entry);
      to = found.next();
    }
    // The message must be known before anyone hears of it: this is what makes it the same again.
    progressFile.promise(progressFile.progress().message(sequence, segment.number(), from, to));
    return Message.of(sequence, entries);
  }

  @Override
  public synchronized void beginAt(long first) throws IOException {
    Progress progress = progressFile.progress();
    if (progress.sequence() == 0 && !progress.isUnderWay()) {
      progressFile.promise(progress.countingFrom(first));
    }
  }

  @Override
  public synchronized void acknowledge(Message message) throws IOException {
    requireCurrent(message);
    Progress progress = progressFile.progress();
    progressFile.note(progress.passed(message.entries()));
    passed(message, progress);
  }

  private void passed(Message message, Progress progress) throws IOException {
    waitingEntries -= message.entries();
    waitingBytes -= progress.to() - progress.from();
    current = null;
    notifyAll();
    dropAcknowledgedSegments();
  }

  private void dropAcknowledgedSegments() throws IOException {
    long needed = progressFile.progress().segment();
    while (segments.firstKey() < needed) {
      segments.pollFirstEntry().getValue().delete();
    }
  }

  @Override
  public synchronized Message renumber(Message message, long skip) throws IOException {
    requireCurrent(message);
    Progress progress = progressFile.progress();
    long number = Math.addExact(progress.sequence(), skip);
    Segment segment = segmentOf(progress);
    current = put(number, segment, progress.from(), message.entries());
    return current;
  }

  @Override
  public synchronized Optional<Message> split(Message message) throws IOException {
    requireCurrent(message);
    if (message.entries() == 1) {
      return Optional.empty();
    }
    Progress progress = progressFile.progress();
    current =
        put(progress.sequence() + 1, segmentOf(progress), progress.from(), message.entries() / 2);
    return Optional.of(current);
  }

  @Override
  public synchronized void setAside(Message message) throws IOException {
    requireCurrent(message);
    Path file = directory.resolve("refused.jsonl");
    try (FileChannel channel =
        Files.exists(file)
            ? FileChannel.open(file, StandardOpenOption.APPEND)
            : DurableFile.create(file)) {
      if (channel.size() + message.body().length < MAX_SET_ASIDE_BYTES) {
        DurableFile.writeFully(channel, ByteBuffer.wrap(message.body()));
        DurableFile.writeFully(channel, ByteBuffer.wrap(new byte[] {'\n'}));
        channel.force(true);
      }
    }
    Progress progress = progressFile.progress();
    progressFile.promise(progress.passed(message.entries()));
    passed(message, progress);
  }

  private void requireCurrent(Message message) {
    if (message != current) {
      throw new IllegalArgumentException("not the message that is on its way");
    }
  }

  @Override
  public synchronized long size() {
    return waitingEntries;
  }

  @Override
  public synchronized long taken() {
    return progressFile.progress().entries() + waitingEntries;
  }

  @Override
  public synchronized List<String> findings() {
    return List.copyOf(findings);
  }

  /** What was noted becomes durable. */
  @Override
  public synchronized void close() throws IOException {
    try {
      Progress progress = progressFile.progress();
      if (!progress.isUnderWay()) {
        progressFile.promise(progress.idleAt(progress.segment(), progress.to()));
      }
    } finally {
      closeFiles();
    }
  }

  private void closeFiles() throws IOException {
    progressFile.close();
    for (Segment segment : segments.values()) {
      segment.close();
    }
  }
}
