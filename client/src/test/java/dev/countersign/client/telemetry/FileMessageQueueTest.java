// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.telemetry.Reading;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The queue of readings on a device")
class FileMessageQueueTest {
  private static final int SMALL_SEGMENT = 400;

  @TempDir private Path directory = Path.of("");

  private FileMessageQueue open() throws IOException {
    return FileMessageQueue.open(directory, QueueLimits.STANDARD, SMALL_SEGMENT);
  }

  private static Message next(MessageQueue queue) throws Exception {
    return queue.next(Duration.ZERO).orElseThrow();
  }

  /** Sends all that is there. */
  private static List<Integer> drain(MessageQueue queue) throws Exception {
    var numbers = new ArrayList<Integer>();
    while (queue.size() > 0) {
      Message message = next(queue);
      numbers.addAll(Entries.numbers(message));
      queue.acknowledge(message);
    }
    return numbers;
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> Segment.number(file).isPresent()).sorted().toList();
    }
  }

  @Test
  @DisplayName("sends several entries as one message, in order, and removes files that are done")
  void keeps_order() throws Exception {
    try (FileMessageQueue queue = open()) {
      for (int n = 0; n < 300; n += 10) {
        assertThat(queue.offer(Entries.range(n, n + 10))).isEqualTo(10);
      }
      assertThat(segments()).hasSizeGreaterThan(5);
      assertThat(next(queue).entries()).isGreaterThan(1);
      assertThat(drain(queue)).isEqualTo(numbers(0, 300));
      assertThat(segments()).hasSize(1);
      assertThat(queue.taken()).isEqualTo(300);
      assertThat(queue.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  @DisplayName("a message that was not acknowledged is the same after a restart, to the byte")
  void repeats_the_same_message() throws Exception {
    Message before;
    try (FileMessageQueue queue = open()) {
      queue.offer(Entries.range(0, 5));
      before = next(queue);
      queue.offer(Entries.range(5, 9));
      assertThat(next(queue)).isSameAs(before);
    }
    try (FileMessageQueue queue = open()) {
      assertThat(queue.size()).isEqualTo(9);
      Message after = next(queue);
      assertThat(after.sequence()).isEqualTo(before.sequence());
      assertThat(after.body()).isEqualTo(before.body());
      queue.acknowledge(after);
      assertThat(next(queue).sequence()).isEqualTo(before.sequence() + 1);
      assertThat(drain(queue)).isEqualTo(numbers(5, 9));
    }
    try (FileMessageQueue queue = open()) {
      assertThat(queue.size()).isZero();
      assertThat(queue.taken()).isEqualTo(9);
      assertThat(queue.findings()).isEmpty();
    }
  }

  @Test
  @DisplayName("takes as much as there is room for, and takes again after an acknowledgement")
  void is_limited_by_entries() throws Exception {
    try (var queue = FileMessageQueue.open(directory, new QueueLimits(QueueLimits.MIN_BYTES, 7))) {
      assertThat(queue.offer(Entries.range(0, 5))).isEqualTo(5);
      assertThat(queue.awaitRoom(Duration.ZERO)).isTrue();
      assertThat(queue.offer(Entries.range(5, 10))).isEqualTo(2);
      assertThat(queue.offer(Entries.range(7, 10))).isZero();
      assertThat(queue.awaitRoom(Duration.ZERO)).isFalse();
      queue.acknowledge(next(queue));
      assertThat(queue.awaitRoom(Duration.ZERO)).isTrue();
      assertThat(queue.offer(Entries.range(7, 10))).isEqualTo(3);
      assertThat(drain(queue)).isEqualTo(numbers(7, 10));
    }
  }

  @Test
  @DisplayName("is limited by bytes; what is on disk is not much more")
  void is_limited_by_bytes() throws Exception {
    try (var queue =
        FileMessageQueue.open(directory, new QueueLimits(QueueLimits.MIN_BYTES, 1000))) {
      int taken = 0;
      while (queue.offer(List.of(Entries.large(taken, 20_000))) == 1) {
        taken++;
      }
      assertThat(taken).isBetween(4, 6);
      long bytes = 0;
      for (Path segment : segments()) {
        bytes += Files.size(segment);
      }
      assertThat(bytes).isLessThanOrEqualTo(QueueLimits.MIN_BYTES + 100);
      assertThat(drain(queue)).isEqualTo(numbers(0, taken));
    }
  }

  @Test
  @DisplayName("no message is larger than a server takes")
  void limits_messages() throws Exception {
    try (FileMessageQueue queue = open()) {
      for (int n = 0; n < 10; n++) {
        queue.offer(List.of(Entries.large(n, 20_000)));
      }
      queue.offer(Entries.range(10, 3000));
      var seen = new ArrayList<Integer>();
      while (queue.size() > 0) {
        Message message = next(queue);
        assertThat(message.body().length).isLessThanOrEqualTo(Message.MAX_BYTES);
        assertThat(message.readings()).isLessThanOrEqualTo(1024);
        seen.addAll(Entries.numbers(message));
        queue.acknowledge(message);
      }
      assertThat(seen).isEqualTo(numbers(0, 3000));
    }
  }

  @Test
  @DisplayName("refuses an entry that no message could hold")
  void refuses_too_large_entries() {
    List<Reading> many =
        Collections.nCopies(1024, new Reading("x", new Scalar.Text("y".repeat(100)), null));
    assertThatThrownBy(() -> Entry.of(many)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> Entry.of(List.of())).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("cuts off half an entry that a power cut left, and says so")
  void cuts_off_a_torn_tail() throws Exception {
    try (FileMessageQueue queue = open()) {
      queue.offer(Entries.range(0, 3));
    }
    Path last = segments().get(segments().size() - 1);
    Files.write(last, new byte[] {0, 0, 0, 7, 0, 0}, StandardOpenOption.APPEND);
    try (FileMessageQueue queue = open()) {
      assertThat(queue.findings()).hasSize(1);
      queue.offer(Entries.range(3, 5));
    }
    try (FileMessageQueue queue = open()) {
      assertThat(queue.findings()).isEmpty();
      assertThat(drain(queue)).isEqualTo(numbers(0, 5));
    }
  }

  @Test
  @DisplayName("damage in an older file costs what follows in that file, and is reported")
  void reports_damage() throws Exception {
    try (FileMessageQueue queue = open()) {
      for (int n = 0; n < 60; n++) {
        queue.offer(Entries.range(n, n + 1));
      }
    }
    Path second = segments().get(1);
    try (var file = new RandomAccessFile(second.toFile(), "rw")) {
      file.seek(Files.size(second) / 2);
      file.write(0xff);
    }
    try (FileMessageQueue queue = open()) {
      assertThat(queue.findings()).singleElement().asString().contains("damaged");
      List<Integer> sent = drain(queue);
      assertThat(sent).isSorted().doesNotHaveDuplicates().contains(0, 59).hasSizeBetween(45, 59);
    }
  }

  @Test
  @DisplayName("a new number keeps the content, and is durable")
  void renumbers() throws Exception {
    Message renumbered;
    try (FileMessageQueue queue = open()) {
      queue.offer(Entries.range(0, 3));
      Message first = next(queue);
      renumbered = queue.renumber(first, 64);
      assertThat(renumbered.sequence()).isEqualTo(first.sequence() + 64);
      assertThat(renumbered.body()).isEqualTo(first.body());
    }
    try (FileMessageQueue queue = open()) {
      assertThat(next(queue).sequence()).isEqualTo(renumbered.sequence());
    }
  }

  @Test
  @DisplayName("what the server will never take is found, put aside, and holds up nothing")
  void sets_aside() throws Exception {
    try (FileMessageQueue queue = open()) {
      queue.offer(Entries.range(0, 8));
      var delivered = new ArrayList<Integer>();
      long highest = 0;
      while (queue.size() > 0) {
        Message message = next(queue);
        assertThat(message.sequence()).isGreaterThan(highest);
        highest = message.sequence();
        if (!Entries.numbers(message).contains(5)) {
          delivered.addAll(Entries.numbers(message));
          queue.acknowledge(message);
        } else if (queue.split(message).isEmpty()) {
          queue.setAside(message);
        }
      }
      assertThat(delivered).containsExactly(0, 1, 2, 3, 4, 6, 7);
    }
    Path refused = directory.resolve("refused.jsonl");
    assertThat(Files.readString(refused, UTF_8)).isEqualTo("[{\"n\":5}]\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(refused)))
        .isEqualTo("rw-------");
  }

  @Test
  @DisplayName("is for its owner alone")
  void is_private() throws Exception {
    try (FileMessageQueue queue = open()) {
      queue.offer(Entries.range(0, 1));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    for (Path file : segments()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }
}
