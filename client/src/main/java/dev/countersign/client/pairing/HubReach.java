// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubCall;
import dev.countersign.client.hub.HubConnection;
import dev.countersign.client.hub.HubTransport;
import dev.countersign.client.hub.OtherHubException;
import dev.countersign.client.hub.PhoneIdentity;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.PresentedHub;
import dev.countersign.protocol.pairing.VerifiedHub;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens connections to hubs that are known, each judged by what is stored of it. Follows a new key
 * of a hub by the statements of the old one, and by nothing else.
 */
public final class HubReach {
  private final HubTransport transport;
  private final PhoneStorage storage;

  public HubReach(HubTransport transport, PhoneStorage storage) {
    this.transport = transport;
    this.storage = storage;
  }

  /** A connection, with what is known of the hub now. */
  public record Reached(HubConnection connection, StoredHub hub) {}

  /**
   * Connects to a hub that this phone is paired with, as that phone.
   *
   * @throws OtherHubException if another one answers, or the key is new and the old one has not
   *     named it
   */
  public Reached control(StoredHub stored, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    try {
      return new Reached(connect(stored, address), stored);
    } catch (OtherHubException e) {
      if (!e.isSameHub()) {
        throw e;
      }
      StoredHub successor = stored.pinnedTo(successor(stored.hub(), address, e));
      // From here on the old key counts for nothing, even if what follows fails.
      storage.keep(successor);
      return new Reached(connect(successor, address), successor);
    }
  }

  /** Connects to exactly this key. */
  HubConnection connect(StoredHub stored, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    PhoneIdentity identity =
        new PhoneIdentity(
            storage.keys().open(stored.phone().keyHandle()).getPrivate(),
            stored.phone().certificate());
    return HubConnection.open(
        transport,
        HubCall.toControl(
            address, stored.hub().verifier(), stored.hub().expected(), knownKeys(), identity));
  }

  /** Asks who answers under the hub's id for what its old key said, and believes the old key. */
  private PinnedHub successor(PinnedHub known, HubAddress address, OtherHubException doubt)
      throws IOException, ProtocolException {
    HubCall call = HubCall.toMeet(address, known.verifier(), knownKeys());
    try (HubConnection connection = HubConnection.open(transport, call)) {
      PresentedHub presented = connection.hub();
      byte[] body = connection.require(Request.get("/successors")).body();
      List<byte[]> statements = HubSuccession.decodeAll(body);
      Optional<HubSuccession> last =
          HubSuccession.follow(
              statements, known.id(), known.leaf().getPublicKey(), known.keyCounter());
      if (!last.isPresent() || !last.get().newKey().equals(presented.key())) {
        throw doubt;
      }
      VerifiedHub hub = known.verifier().verify(presented.chain(), known.id(), last.get().newKey());
      return new PinnedHub(hub.id(), hub.leaf(), known.root(), last.get().counter());
    }
  }

  /** Of all hubs this phone knows, so that one key under two ids is seen. */
  Map<Sha256, HubId> knownKeys() throws IOException {
    var keys = new HashMap<Sha256, HubId>();
    for (StoredHub hub : storage.pending()) {
      keys.put(hub.hub().key(), hub.id());
    }
    for (StoredHub hub : storage.hubs()) {
      keys.put(hub.hub().key(), hub.id());
    }
    return keys;
  }

  HubTransport transport() {
    return transport;
  }
}
