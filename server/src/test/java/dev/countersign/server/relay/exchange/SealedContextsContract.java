// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Database;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.NewDevice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link SealedContexts} does. */
abstract class SealedContextsContract {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private Database database;
  private SealedContexts contexts;
  private long one;
  private long other;

  abstract Database database() throws Exception;

  abstract Devices devices();

  abstract SealedContexts contexts();

  @BeforeEach
  void open() throws Exception {
    database = database();
    contexts = contexts();
    one = add("S-1");
    other = add("S-2");
  }

  private long add(String serial) {
    var device = new NewDevice(new DeviceSerial(serial), Optional.empty(), true);
    return database.write(tx -> devices().add(tx, device, NOW).orElseThrow().id());
  }

  private static SealedContext context(
      long device, int generation, int level, int series, byte @Nullable [] id) {
    return new SealedContext(device, generation, level, series, id, false, false);
  }

  private void put(SealedContext context) {
    database.write(tx -> {
      contexts.put(tx, context, NOW);
      return null;
    });
  }

  private List<SealedContext> of(long device) {
    return database.read(tx -> contexts.ofDevice(tx, device));
  }

  @Test
  @DisplayName("one counts for each device, generation and level")
  void keeps_the_last() {
    put(context(one, 1, 2, -1, null));
    put(context(one, 1, 1, -2, null));
    put(context(one, 2, 2, -3, null));
    put(context(other, 1, 2, -4, null));
    SealedContext agreed = context(one, 1, 2, -5, new byte[24]);
    put(agreed);
    assertThat(of(one))
        .containsExactlyInAnyOrder(
            agreed, context(one, 1, 1, -2, null), context(one, 2, 2, -3, null));
    put(agreed.asEstablished());
    assertThat(of(one)).contains(agreed.asEstablished()).doesNotContain(agreed);
  }

  @Test
  @DisplayName("earlier generations are forgotten")
  void forgets_earlier() {
    put(context(one, 1, 2, -1, null));
    put(context(one, 2, 2, -3, null));
    put(context(other, 1, 2, -4, null));
    database.write(tx -> {
      contexts.removeBefore(tx, one, 2);
      return null;
    });
    assertThat(of(one)).containsExactly(context(one, 2, 2, -3, null));
    assertThat(of(other)).hasSize(1);
  }

  @Test
  @DisplayName("a new agreement is required of one device or of all")
  void requires_resync() {
    put(context(one, 1, 2, -1, null));
    put(context(other, 1, 2, -4, null));
    assertThat(database.<Integer, RuntimeException>write(tx -> contexts.requireResync(tx, one)))
        .isEqualTo(1);
    assertThat(of(one)).allMatch(SealedContext::mustResync);
    assertThat(of(other)).noneMatch(SealedContext::mustResync);
    assertThat(database.<Integer, RuntimeException>write(tx -> contexts.requireResync(tx)))
        .isEqualTo(2);
    assertThat(of(other)).allMatch(SealedContext::mustResync);
  }
}
