// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.client.http.HubJson;
import dev.countersign.client.hub.HubConnection;
import dev.countersign.client.hub.HubRefusedException;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The second half of a pairing: the phone comes back with its certificate, and is on the list from
 * then on. May be repeated, also after a restart of either side.
 */
final class Confirmation {
  /** What the hub waits (docs/protocol.md, Pairing). */
  private static final Duration HUB_WAITS = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;

  private final HubReach reach;
  private final PhoneStorage storage;

  Confirmation(HubReach reach, PhoneStorage storage) {
    this.reach = reach;
    this.storage = storage;
  }

  /**
   * Confirms a pairing that waits, as often as it takes while the hub waits too.
   *
   * @throws IOException if the hub could not be reached all that time; what waits is still stored
   */
  PairingResult confirm(StoredHub pending)
      throws IOException, ProtocolException, GeneralSecurityException {
    long end = System.nanoTime() + HUB_WAITS.toNanos();
    while (true) {
      try {
        return once(pending);
      } catch (IOException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the pairing waited to be confirmed", e);
    }
  }

  private PairingResult once(StoredHub pending)
      throws IOException, ProtocolException, GeneralSecurityException {
    try (HubConnection connection = reach.connect(pending, pending.address())) {
      Request request =
          Request.of("POST", "/confirm", "application/json", new byte[0]).within(ANSWER);
      Response answer = connection.exchange(request);
      if (answer.status() == UNAUTHORIZED) {
        giveUp(pending);
        return new PairingResult.Lapsed();
      }
      if (answer.status() != OK) {
        throw HubConnection.refusal(answer);
      }
      StoredHub confirmed = confirmed(pending, HubJson.read(answer));
      keep(confirmed);
      return new PairingResult.Paired(
          describe(confirmed, connection), recoveryCard(confirmed, connection));
    }
  }

  private static StoredHub confirmed(StoredHub hub, JsonNode answer) throws MalformedException {
    HubJson.require(answer, "status", "active");
    HubJson.require(answer, "hubId", hub.id().toString());
    HubJson.require(answer, "phoneId", hub.phone().phoneId());
    return hub;
  }

  private void keep(StoredHub confirmed) throws IOException, GeneralSecurityException {
    Optional<StoredHub> before = storage.hub(confirmed.id());
    storage.keep(confirmed);
    if (before.isPresent()
        && !before.get().phone().keyHandle().equals(confirmed.phone().keyHandle())) {
      storage.keys().delete(before.get().phone().keyHandle());
    }
  }

  private void giveUp(StoredHub pending) throws IOException, GeneralSecurityException {
    storage.abandon(pending.id());
    Optional<StoredHub> held = storage.hub(pending.id());
    // The same key is in both after a power cut between keeping and forgetting.
    if (!held.isPresent() || !held.get().phone().keyHandle().equals(pending.phone().keyHandle())) {
      storage.keys().delete(pending.phone().keyHandle());
    }
  }

  /** What else is good to know; the pairing holds without. */
  private StoredHub describe(StoredHub hub, HubConnection connection) throws IOException {
    try {
      JsonNode about = HubJson.read(connection.require(Request.get("/v1/hub").within(ANSWER)));
      PinnedHub pinned = hub.hub();
      long counter = Math.max(pinned.keyCounter(), about.path("keyCounter").asLong(0));
      var described =
          new StoredHub(
              new PinnedHub(pinned.id(), pinned.leaf(), pinned.root(), counter),
              hub.phone(),
              hub.address(),
              HubJson.shown(about.path("model").asString("")));
      storage.keep(described);
      return described;
    } catch (HubRefusedException | MalformedException e) {
      return hub;
    }
  }

  /** Every new owner gets a card of his own, and the one before is void. */
  private static Optional<PairingCode> recoveryCard(StoredHub hub, HubConnection connection) {
    if (hub.phone().role() != Role.OWNER) {
      return Optional.empty();
    }
    try {
      Request request =
          Request.of("POST", "/v1/recovery-card", "application/json", new byte[0]).within(ANSWER);
      JsonNode answer = HubJson.read(connection.require(request));
      return Optional.of(PairingCode.parse(HubJson.text(answer, "code")));
    } catch (IOException | ProtocolException e) {
      return Optional.empty(); // an owner can ask again
    }
  }
}
