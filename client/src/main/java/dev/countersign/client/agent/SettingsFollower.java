// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import static dev.countersign.client.agent.StorageFailedException.storage;
import static dev.countersign.client.agent.StorageFailedException.storing;

import dev.countersign.client.DeviceApi;
import dev.countersign.client.retry.Backoff;
import dev.countersign.client.settings.SettingsApplier;
import dev.countersign.client.settings.SettingsNotAppliedException;
import dev.countersign.client.settings.SettingsProgress;
import dev.countersign.client.settings.SettingsStorage;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Follows the settings: waits for them, keeps them, has them applied, confirms them. Never goes
 * back to an older version than the one that was applied.
 */
final class SettingsFollower {
  /** The server waits no longer. */
  private static final Duration WAIT = Duration.ofSeconds(60);

  /** The server counts whole seconds. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  /** An hour: then the answer is asked for as a whole, for the time in it. */
  private static final int ROUNDS_BETWEEN_WHOLE_ANSWERS = 60;

  private static final int BAD_REQUEST = 400;

  private final DeviceApi client;
  private final SettingsStorage storage;
  private final SettingsApplier applier;
  private final Backoff applyBackoff;
  private final AgentListener listener;

  /** What is to be applied. */
  private Optional<SettingsAnswer> pending = Optional.empty();

  /** What the server said last; negative before. */
  private long known = -1;

  private int rounds;
  private Duration wait = WAIT;
  private long refusedReceipt = -1;

  SettingsFollower(
      DeviceApi client,
      SettingsStorage storage,
      SettingsApplier applier,
      Backoff applyBackoff,
      AgentListener listener) {
    this.client = client;
    this.storage = storage;
    this.applier = applier;
    this.applyBackoff = applyBackoff;
    this.listener = listener;
  }

  /** What was received and not applied before the last restart is to be applied now. */
  void resume() throws StorageFailedException, InterruptedException {
    Optional<SettingsAnswer> received = storage(storage::received);
    if (received.isPresent() && received.get().version() > 0 && isNews(received.get())) {
      pending = received;
    }
  }

  /** One turn: does what is left to do, then waits for what is new. */
  void round() throws IOException, ProtocolException, StorageFailedException, InterruptedException {
    applyPending();
    confirmApplied();
    Optional<SettingsAnswer> answer = ask();
    if (answer.isPresent()) {
      known = answer.get().version();
      judge(answer.get());
      applyPending();
      confirmApplied();
    }
    if (!pending.isPresent()) {
      listener.on(new AgentEvent.SettingsCurrent(known));
    }
  }

  private Optional<SettingsAnswer> ask() throws IOException, ProtocolException {
    if (known < 0 || ++rounds % ROUNDS_BETWEEN_WHOLE_ANSWERS == 0) {
      return Optional.of(client.settings());
    }
    return client.awaitSettings(known, wait);
  }

  private void judge(SettingsAnswer answer) throws StorageFailedException, InterruptedException {
    Optional<SettingsProgress> applied = storage(storage::progress);
    long version = applied.map(SettingsProgress::version).orElse(0L);
    if (answer.version() < version) {
      // Somebody with an old backup, or somebody who would like the old settings back.
      refuse(answer, "expected version " + version + " or newer, which this device has applied");
    } else if (isNews(answer)) {
      if (answer.version() == version) {
        refuse(answer, "expected the settings of this version that the device has applied");
        return;
      }
      storing(() -> storage.received(answer));
      pending = Optional.of(answer);
      listener.on(new AgentEvent.SettingsReceived(answer.version()));
    }
  }

  private void refuse(SettingsAnswer answer, String why) {
    listener.on(new AgentEvent.SettingsRefused(answer.version(), why));
  }

  /** Whether these are others than those that were applied; version 0 says that there are none. */
  private boolean isNews(SettingsAnswer answer)
      throws StorageFailedException, InterruptedException {
    Optional<SettingsProgress> applied = storage(storage::progress);
    if (!applied.isPresent()) {
      return answer.version() > 0;
    }
    SettingsProgress progress = applied.get();
    return answer.version() > progress.version()
        || (answer.version() == progress.version() && !answer.sha256().equals(progress.sha256()));
  }

  private void applyPending() throws StorageFailedException, InterruptedException {
    wait = WAIT;
    if (!pending.isPresent()) {
      return;
    }
    SettingsAnswer settings = pending.get();
    try {
      applier.apply(settings);
    } catch (SettingsNotAppliedException e) {
      Duration next = applyBackoff.next(Optional.empty());
      wait = next.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : next;
      listener.on(
          new AgentEvent.SettingsNotApplied(
              settings.version(), String.valueOf(e.getMessage()), wait));
      return;
    }
    applyBackoff.succeeded();
    storing(() ->
        storage.progressed(new SettingsProgress(settings.version(), settings.sha256(), false)));
    pending = Optional.empty();
    listener.on(new AgentEvent.SettingsApplied(settings.version()));
  }

  private void confirmApplied()
      throws IOException, ProtocolException, StorageFailedException, InterruptedException {
    Optional<SettingsProgress> applied = storage(storage::progress);
    if (!applied.isPresent()
        || applied.get().confirmed()
        || applied.get().version() == refusedReceipt) {
      return;
    }
    SettingsProgress progress = applied.get();
    try {
      client.confirm(new SettingsReceipt(progress.version(), progress.sha256()));
    } catch (ServerRefusedException e) {
      if (e.status() != BAD_REQUEST) {
        throw e;
      }
      // It does not know the version: restored from a backup. Asking again changes nothing.
      refusedReceipt = progress.version();
      listener.on(
          new AgentEvent.ReceiptRefused(progress.version(), String.valueOf(e.getMessage())));
      return;
    }
    storing(() ->
        storage.progressed(new SettingsProgress(progress.version(), progress.sha256(), true)));
    listener.on(new AgentEvent.SettingsConfirmed(progress.version()));
  }
}
