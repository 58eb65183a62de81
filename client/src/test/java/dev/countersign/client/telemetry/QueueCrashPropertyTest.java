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
 */
@Label("The queue of readings, when the power fails")
class QueueCrashPropertyTest {
  private static final int SEGMENT_BYTES = 120;
  private static final int ACKNOWLEDGE = 0;
  private static final int BEGIN = 1;
  private static final int REOPEN = 2;

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
      @ForAll @Size(min = 3, max = 14) List<@IntRange(min = 0, max = 7) Integer> script)
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
    for (int step : script) {
      Map<String, byte[]> before = content(live);
      int takenBefore = taken;
      ServerModel serverBefore = server.copy();
      if (step == ACKNOWLEDGE && queue.size() > 0) {
        Message message = queue.next(Duration.ZERO).orElseThrow();
        before = content(live);
        server.receive(message);
        queue.acknowledge(message);
      } else if (step == BEGIN && queue.size() > 0) {
        assertThat(queue.next(Duration.ZERO)).isPresent();
      } else if (step == REOPEN) {
        queue.close();
        queue = open(live);
      } else if (step > REOPEN) {
        int count = step - REOPEN;
        assertThat(queue.offer(Entries.range(taken, taken + count))).isEqualTo(count);
        taken += count;
      }
      for (Map<String, byte[]> torn : between(before, content(live))) {
        assertSound(base, torn, takenBefore, taken, server);
        if (step != ACKNOWLEDGE) {
          assertSound(base, torn, takenBefore, taken, serverBefore);
        }
      }
    }
    queue.close();
  }

  private static FileMessageQueue open(Path directory) throws IOException {
    return FileMessageQueue.open(directory, QueueLimits.STANDARD, SEGMENT_BYTES);
  }

  /** Opens what is left, and sends all of it. The message under way may have arrived or not. */
  private static void assertSound(
      Path base, Map<String, byte[]> torn, int atLeast, int atMost, ServerModel reached)
      throws Exception {
    for (boolean arrived : new boolean[] {false, true}) {
      Path copy = base.resolve("copy");
      write(copy, torn);
      ServerModel mine = reached.copy();
      try (FileMessageQueue queue = open(copy)) {
        assertThat(queue.taken()).isBetween((long) atLeast, (long) atMost);
        if (arrived && queue.size() > 0) {
          mine.receive(queue.next(Duration.ZERO).orElseThrow());
        }
        while (queue.size() > 0) {
          Message message = queue.next(Duration.ZERO).orElseThrow();
          mine.receive(message);
          queue.acknowledge(message);
        }
        int expected = (int) queue.taken();
        assertThat(mine.stored).isEqualTo(IntStream.range(0, expected).boxed().toList());
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
