// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link SettingsHistory} does. */
abstract class SettingsHistoryContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00.5Z");

  private Database database;
  private SettingsHistory history;
  private long device;

  abstract Database database();

  abstract SettingsHistory history();

  abstract long addDevice(Transaction tx);

  /** Removes it with all that hangs on it. */
  abstract void removeDevice(Transaction tx, long id);

  @BeforeEach
  void open() {
    database = database();
    history = history();
    device = database.<Long, RuntimeException>write(this::addDevice);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private interface Change {
    void in(Transaction tx);
  }

  private void write(Change change) {
    database.<Boolean, RuntimeException>write(tx -> {
      change.in(tx);
      return true;
    });
  }

  private static SettingsVersion version(long number) {
    try {
      var json = "{\"interval\":%d.5,\"mode\":\"größe\",\"on\":true}".formatted(number);
      return new SettingsVersion(number, Settings.parse(json.getBytes(UTF_8)), NOW, "anna");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private Optional<SettingsVersion> current() {
    return database.<Optional<SettingsVersion>, RuntimeException>read(
        tx -> history.current(tx, device));
  }

  private Optional<AppliedSettings> applied() {
    return database.<Optional<AppliedSettings>, RuntimeException>read(
        tx -> history.applied(tx, device));
  }

  @Test
  @DisplayName("a device that was never told anything has no settings and no receipt")
  void begins_empty() {
    assertThat(current()).isEmpty();
    assertThat(applied()).isEmpty();
  }

  @Test
  @DisplayName("every version stays, the last is current, the list is newest first")
  void keeps_versions() {
    write(tx -> history.append(tx, device, version(1)));
    write(tx -> history.append(tx, device, version(2)));
    write(tx -> history.append(tx, device, version(3)));
    assertThat(current()).contains(version(3));
    var second =
        database.<Optional<SettingsVersion>, RuntimeException>read(
            tx -> history.find(tx, device, 2));
    assertThat(second).contains(version(2));
    var fourth =
        database.<Optional<SettingsVersion>, RuntimeException>read(
            tx -> history.find(tx, device, 4));
    assertThat(fourth).isEmpty();
    var newest =
        database.<List<SettingsVersion>, RuntimeException>read(tx -> history.list(tx, device, 2));
    assertThat(newest).containsExactly(version(3), version(2));
  }

  @Test
  @DisplayName("versions have no gaps and none is written twice")
  void refuses_gap() {
    assertThatThrownBy(() -> write(tx -> history.append(tx, device, version(2))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected version 1, got 2");
    write(tx -> history.append(tx, device, version(1)));
    assertThatThrownBy(() -> write(tx -> history.append(tx, device, version(1))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(tx -> history.append(tx, device, version(3))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("the last receipt takes the place of the one before")
  void keeps_last_receipt() {
    var first = new AppliedSettings(1, version(1).settings().sha256(), NOW);
    var second = new AppliedSettings(2, version(2).settings().sha256(), NOW.plusSeconds(1));
    write(tx -> history.applied(tx, device, first));
    assertThat(applied()).contains(first);
    write(tx -> history.applied(tx, device, second));
    assertThat(applied()).contains(second);
  }

  @Test
  @DisplayName("settings and receipt go with their device")
  void goes_with_device() {
    write(tx -> history.append(tx, device, version(1)));
    write(tx ->
        history.applied(tx, device, new AppliedSettings(1, version(1).settings().sha256(), NOW)));
    write(tx -> removeDevice(tx, device));
    assertThat(current()).isEmpty();
    assertThat(applied()).isEmpty();
  }

  @Test
  @DisplayName("a work that throws leaves settings and receipt as they were")
  void undoes_everything() {
    write(tx -> history.append(tx, device, version(1)));
    assertThatThrownBy(() ->
            database.write(tx -> {
              history.append(tx, device, version(2));
              history.applied(
                  tx, device, new AppliedSettings(2, version(2).settings().sha256(), NOW));
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(current()).contains(version(1));
    assertThat(applied()).isEmpty();
  }

  @Test
  @DisplayName("the newest thousand versions are kept, and no more")
  void forgets_old_versions() {
    write(tx -> {
      for (long number = 1; number <= SettingsHistory.MAX_VERSIONS + 2; number++) {
        history.append(tx, device, version(number));
      }
    });
    List<SettingsVersion> kept =
        database.<List<SettingsVersion>, RuntimeException>read(
            tx -> history.list(tx, device, 10_000));
    assertThat(kept).hasSize(SettingsHistory.MAX_VERSIONS);
    assertThat(kept.getFirst().version()).isEqualTo(SettingsHistory.MAX_VERSIONS + 2);
    assertThat(kept.getLast().version()).isEqualTo(3);
    assertThat(
            database.<Optional<SettingsVersion>, RuntimeException>read(
                tx -> history.find(tx, device, 2)))
        .isEmpty();
  }
}
