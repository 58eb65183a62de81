// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
  private final CountDownLatch held = new CountDownLatch(1);
  private final List<List<Integer>> groups = new CopyOnWriteArrayList<>();

  /** Works are their own size in bytes; the first group is held back until the test lets it go. */
  private GroupCommit<Integer> committing(GroupCommit.Limits limits) {
    var committing =
        new GroupCommit<Integer>(
            "test",
            limits,
            Integer::longValue,
            group -> {
              awaitUninterrupted(held);
              groups.add(List.copyOf(group));
            });
    committing.submit(0);
    Awaitility.await().until(() -> committing.queued() == 0);
    return committing;
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("what gathers during a commit is the next group, at most so many, in order")
  void groups_what_is_queued() {
    try (var committing = committing(new GroupCommit.Limits(100, 100, 3, 100))) {
      IntStream.rangeClosed(1, 5).forEach(committing::submit);
      held.countDown();
    }
    assertThat(groups).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5));
  }

  @Test
  @DisplayName("a group ends where it has enough bytes")
  void limits_bytes_of_group() {
    try (var committing = committing(new GroupCommit.Limits(100, 1_000, 100, 10))) {
      List.of(4, 7, 20, 1, 1).forEach(committing::submit);
      held.countDown();
    }
    assertThat(groups).containsExactly(List.of(0), List.of(4, 7), List.of(20), List.of(1, 1));
  }

  @Test
  @DisplayName("a full queue refuses by number and by bytes, and takes again when it has drained")
  void refuses_when_full() {
    try (var committing = committing(new GroupCommit.Limits(3, 50, 100, 100))) {
      committing.submit(40);
      assertThatThrownBy(() -> committing.submit(11)).isInstanceOf(OverloadedException.class);
      committing.submit(5);
      committing.submit(5);
      assertThatThrownBy(() -> committing.submit(0)).isInstanceOf(OverloadedException.class);
      held.countDown();
      Awaitility.await().until(() -> committing.queued() == 0);
      committing.submit(60);
    }
    assertThat(groups).containsExactly(List.of(0), List.of(40, 5, 5), List.of(60));
  }

  @Test
  @DisplayName("closing finishes what is queued, and every work is either taken or refused")
  void settles_everything_at_close() throws InterruptedException {
    held.countDown();
    var committing = committing(new GroupCommit.Limits(1_000_000, 1L << 40, 10, 1L << 40));
    var taken = new CopyOnWriteArrayList<Integer>();
    var started = new CountDownLatch(4);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      int first = i * 1_000_000 + 1;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                started.countDown();
                try {
                  for (int n = first; true; n++) {
                    committing.submit(n);
                    taken.add(n);
                  }
                } catch (DatabaseException e) {
                  // closed
                }
              }));
    }
    started.await();
    committing.close();
    for (var thread : threads) {
      thread.join();
    }
    taken.add(0);
    assertThat(groups.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(taken);
  }

  @Test
  @DisplayName("a committer that throws does not end the thread")
  void survives_committer_that_throws() {
    var seen = new CopyOnWriteArrayList<Integer>();
    try (var committing =
        new GroupCommit<Integer>(
            "test",
            new GroupCommit.Limits(10, 100, 1, 100),
            Integer::longValue,
            group -> {
              seen.addAll(group);
              throw new AssertionError("expected by this test");
            })) {
      committing.submit(1);
      committing.submit(2);
    }
    assertThat(seen).containsExactly(1, 2);
  }
}
