// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The power fails at every byte that is written: from each state of the disk that this leaves, all
 * that was taken arrives once, in order.
 *
 * <p>A disk may have written what was not synced up to a byte, or from a byte on, or not at all.
 */
@Label("The queue of readings, when the power fails")
class QueueCrashPropertyTest {
  private static final int SEGMENT_BYTES = 120;

  /** 1 is to begin a message, and more than 2 to take lines. */
  private static final int ACKNOWLEDGE = 0;

  private static final int REOPEN = 2;
  private static final String PROGRESS = "progress";

  /** Where the page begins that is written without a sync. */
  private static final int UNPROMISED = 8192;

  /** As the server does it: by number, and the same number with other bytes is a fault. */
  private static final class ServerModel {
    private final Map<Long, byte[]> claimed = new HashMap<>();
    private final List<Integer> stored = new ArrayList<>();

    ServerModel copy() {
      var copy = new ServerModel();
      copy.claimed.putAll(claimed);
      copy.stored.addAll(stored);
      return copy;
    }

    void receive(Message message) {
      byte[] known = claimed.putIfAbsent(message.sequence(), message.body());
      if (known == null) {
        stored.addAll(Entries.numbers(message));
      } else {
        assertThat(message.body()).as("the body of a known number").isEqualTo(known);
      }
    }
  }

  private final ServerModel server = new ServerModel();

  @Property(tries = 12)
  @Label("at every byte, nothing that was taken is lost, repeated or out of order")
  void loses_nothing(
      @ForAll @Size(min = 3, max = 14) List<@IntRange(min = 0, max = 5) Integer> script)
      throws Exception {
    Path base = memory();
    try {
      play(base, script);
    } finally {
      delete(base);
    }
  }

  /** Where a sync costs nothing: what survives is decided here, not by a disk. */
  private static Path memory() throws IOException {
    Path shared = Path.of("/dev/shm");
    return Files.isWritable(shared)
        ? Files.createTempDirectory(shared, "countersign-queue")
        : Files.createTempDirectory("countersign-queue");
  }

  private void play(Path base, List<Integer> script) throws Exception {
    server.claimed.clear();
    server.stored.clear();
    Path live = base.resolve("live");
    FileMessageQueue queue = open(live);
    int taken = 0;
    byte[] synced = unpromised(content(live));
    for (int step : script) {
      Map<String, byte[]> before = content(live);
      int takenBefore = taken;
      if (step < REOPEN && queue.size() > 0) {
        Message message = queue.next(Duration.ZERO).orElseThrow();
        assertSoundBetween(base, before, content(live), new Taken(taken, taken), synced);
        before = content(live);
        server.receive(message);
        if (step == ACKNOWLEDGE) { // else the answer was lost
          queue.acknowledge(message);
        }
      } else if (step == REOPEN) {
        queue.close();
        queue = open(live);
      } else if (step > REOPEN) {
        int count = step - REOPEN;
        assertThat(queue.offer(Entries.range(taken, taken + count))).isEqualTo(count);
        taken += count;
      }
      Map<String, byte[]> after = content(live);
      assertSoundBetween(base, before, after, new Taken(takenBefore, taken), synced);
      if (!Arrays.equals(promised(before), promised(after))) {
        synced = unpromised(after); // one sync for the whole file
      }
    }
    queue.close();
  }

  /** How many lines a queue may say that it took. */
  private record Taken(long atLeast, long atMost) {}

  private void assertSoundBetween(
      Path base, Map<String, byte[]> before, Map<String, byte[]> after, Taken taken, byte[] synced)
      throws Exception {
    for (Map<String, byte[]> torn : between(before, after)) {
      assertSound(base, torn, taken, server);
      if (!Arrays.equals(unpromised(torn), synced)) {
        assertSound(base, withUnpromised(torn, synced), taken, server);
      }
    }
  }

  private static byte[] promised(Map<String, byte[]> content) {
    return Arrays.copyOf(content.getOrDefault(PROGRESS, new byte[0]), UNPROMISED);
  }

  private static byte[] unpromised(Map<String, byte[]> content) {
    byte[] progress = content.getOrDefault(PROGRESS, new byte[0]);
    return Arrays.copyOfRange(progress, UNPROMISED, Math.max(UNPROMISED, progress.length));
  }

  private static Map<String, byte[]> withUnpromised(Map<String, byte[]> content, byte[] page) {
    var changed = new TreeMap<>(content);
    byte[] progress = Arrays.copyOf(promised(content), UNPROMISED + page.length);
    System.arraycopy(page, 0, progress, UNPROMISED, page.length);
    changed.put(PROGRESS, progress);
    return changed;
  }

  private static FileMessageQueue open(Path directory) throws IOException {
    return FileMessageQueue.open(directory, QueueLimits.STANDARD, SEGMENT_BYTES);
  }

  /** Opens what is left, and sends all of it. The message under way may have arrived or not. */
  private static void assertSound(
      Path base, Map<String, byte[]> torn, Taken taken, ServerModel reached) throws Exception {
    for (boolean arrived : new boolean[] {false, true}) {
      Path copy = base.resolve("copy");
      write(copy, torn);
      ServerModel mine = reached.copy();
      int next;
      try (FileMessageQueue queue = open(copy)) {
        assertThat(queue.taken()).isBetween(taken.atLeast(), taken.atMost());
        // One more, of the size of those that were cut off: nothing of them may come back with it.
        next = (int) queue.taken();
        queue.offer(Entries.range(next, next + 1));
      }
      try (FileMessageQueue queue = open(copy)) {
        assertThat(queue.taken()).isEqualTo(next + 1);
        if (arrived && queue.size() > 0) {
          mine.receive(queue.next(Duration.ZERO).orElseThrow());
        }
        while (queue.size() > 0) {
          Message message = queue.next(Duration.ZERO).orElseThrow();
          mine.receive(message);
          queue.acknowledge(message);
        }
        assertThat(mine.stored).isEqualTo(IntStream.rangeClosed(0, next).boxed().toList());
      } finally {
        delete(copy);
      }
    }
  }

  /** The states between two: each file changed up to each byte, and the others not yet or all. */
  private static List<Map<String, byte[]>> between(
      Map<String, byte[]> before, Map<String, byte[]> after) {
    var states = new ArrayList<>(List.of(before, after));
    for (var file : after.entrySet()) {
      byte[] old = before.getOrDefault(file.getKey(), new byte[0]);
      byte[] now = file.getValue();
      for (int cut = firstDifference(old, now); cut < now.length; cut++) {
        if (cut < old.length && old[cut] == now[cut]) {
          continue;
        }
        var torn = new TreeMap<>(before);
        torn.put(file.getKey(), mixed(old, now, cut));
        states.add(torn);
        if (cut >= old.length && old.length > 0) {
          var hole = new TreeMap<>(before);
          hole.put(file.getKey(), holed(old, now, cut));
          states.add(hole);
        }
      }
    }
    for (String file : before.keySet()) {
      if (!after.containsKey(file)) {
        var removedFirst = new TreeMap<>(before);
        removedFirst.remove(file);
        states.add(removedFirst);
      }
    }
    return states;
  }

  private static int firstDifference(byte[] old, byte[] now) {
    int first = Arrays.mismatch(old, now);
    return first < 0 ? now.length : first;
  }

  /** New up to the cut, and behind it what was there before. */
  private static byte[] mixed(byte[] old, byte[] now, int cut) {
    byte[] mixed = Arrays.copyOf(now, Math.max(cut, Math.min(old.length, now.length)));
    if (old.length > cut) {
      System.arraycopy(old, cut, mixed, cut, mixed.length - cut);
    }
    return mixed;
  }

  /** Nothing of what was appended up to the cut, and all behind it. */
  private static byte[] holed(byte[] old, byte[] now, int cut) {
    byte[] holed = now.clone();
    Arrays.fill(holed, old.length, cut, (byte) 0);
    return holed;
  }

  private static Map<String, byte[]> content(Path directory) throws IOException {
    var content = new TreeMap<String, byte[]>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        content.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return content;
  }

  private static void write(Path directory, Map<String, byte[]> content) throws IOException {
    Files.createDirectory(directory);
    for (var file : content.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
