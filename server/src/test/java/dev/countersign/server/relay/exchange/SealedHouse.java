// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.server.TestHouse;
import dev.countersign.server.credentials.Level;
import dev.countersign.server.journal.InMemoryJournalStore;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.JournalLimits;
import dev.countersign.server.quota.DeviceQuotas;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.registry.Path;
import dev.countersign.server.relay.Carriage;
import dev.countersign.server.relay.CarriedMessage;
import dev.countersign.server.relay.RelayNotes;
import dev.countersign.server.relay.SealedArrival;
import dev.countersign.server.relay.SealedReply;
import dev.countersign.server.secrets.SecretKind;
import dev.countersign.server.secrets.SharedSecrets;
import dev.countersign.server.telemetry.ReadingStore;
import dev.countersign.server.telemetry.SealedCommit;
import dev.countersign.server.telemetry.SealedOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The exchange over stores in memory, and devices that reach it. */
final class SealedHouse {
  static final String SECRET = "kP7vQ2mZx9LrT4nWc8YbH3sDf6GjA1eUo5iRqXtVwMzN0yBhKu";

  final TestHouse house;
  final InMemorySealedContexts contexts = new InMemorySealedContexts();
  final Journal journal;

  /** What stands between the exchange and the store. */
  UnaryOperator<ReadingStore> around = store -> store;

  private boolean failNext;
  private ContextBook book;
  SealedExchange exchange;

  SealedHouse() throws Exception {
    house = new TestHouse();
    journal =
        new Journal(
            new Journal.Stores(
                house.database, new InMemoryJournalStore(), house.devices, house.ledger),
            new JournalLimits(1000, 100, 1000, 1000, Duration.ofDays(90)),
            house.clock);
    restart();
  }

  /** The store refuses the next commit, as a disk that is full for a moment. */
  void failNextCommit() {
    failNext = true;
  }

  private ReadingStore store() {
    ReadingStore inner = around.apply(house.readings);
    return new CrashingStore(inner, CrashingStore.Step.NEVER) {
      @Override
      public CompletableFuture<SealedOutcome> commit(SealedCommit commit) {
        if (failNext) {
          failNext = false;
          return CompletableFuture.failedFuture(new Crash());
        }
        return super.commit(commit);
      }
    };
  }

  /** What a new process begins with: all that is stored, and nothing that was in memory. */
  void restart() {
    book =
        new ContextBook(house.database, contexts, house.secrets, house.clock, house.random, 1000);
    exchange =
        SealedService.open(
            house.database,
            house.secrets,
            book,
            new SealedService.Features(
                house.settings,
                house.enrolment,
                List.of(house.root.certificate()),
                () -> {},
                device -> device.serial().value().startsWith("FRESH")),
            new SealedExchange.Surroundings(
                house.authenticator,
                store(),
                new DeviceQuotas(60_000, 100_000, 1L << 40, 1000, System::nanoTime),
                _ -> {},
                journal,
                house.clock,
                Runnable::run),
            house.random,
            1000);
  }

  ContextBook book() {
    return book;
  }

  int requireResyncOfAll() {
    return new Resync(house.database, house.devices, book, house.audit, house.clock)
        .requireOfAll("a restore", house.operator);
  }

  /** Registers a device with the secret, and gives its own side. */
  SealedDeviceModel add(String serial, SecretKind kind, SealedAlgorithm algorithm) {
    var name = new DeviceSerial(serial);
    house.database.write(tx -> {
      Device device =
          house
              .devices
              .add(tx, new NewDevice(name, Optional.empty(), true), house.clock.instant())
              .orElseThrow();
      if (kind == SecretKind.SEALED) {
        house.devices.raiseLevel(tx, device.id(), Path.RELAY, Level.SEALED);
      }
      try (DeviceKey key = DeviceKey.ofSecret((SECRET + serial).getBytes(US_ASCII))) {
        house.secrets.add(
            tx,
            device,
            1,
            key,
            new SharedSecrets.NewSecret(kind, algorithm, false, false),
            house.clock.instant());
      }
      return null;
    });
    DeviceKey key = DeviceKey.ofSecret((SECRET + serial).getBytes(US_ASCII));
    return new SealedDeviceModel(this, key, name, algorithm, kind == SecretKind.MAC);
  }

  SealedReply deliver(SealedMessage message) {
    return deliver(message.token());
  }

  SealedReply deliver(String token) {
    SealedArrival arrival = arrival(token);
    // As the listener does: at once what can be answered at once, and the rest where it may wait.
    return exchange
        .exchangeAtOnce(arrival)
        .orElseGet(() -> exchange.exchange(arrival))
        .toCompletableFuture()
        .join();
  }

  SealedArrival arrival(String token) {
    return new SealedArrival(
        new CarriedMessage.Token(token),
        Carriage.GET_R,
        Optional.empty(),
        RelayNotes.NONE,
        house.clock.instant(),
        System.nanoTime(),
        "192.0.2.1");
  }

  static String answer(SealedReply reply) {
    return ((SealedReply.Answered) reply).message().token();
  }

  static SealedReply.Kind error(SealedReply reply) {
    return ((SealedReply.OuterError) reply).kind();
  }
}
