// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubTransport;
import dev.countersign.client.pairing.Pairing.Begun;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;

/** The hubs of one phone: pairs with more, and forgets some. For one thread at a time. */
public final class HubBook {
  private final PhoneStorage storage;
  private final Pairing pairing;
  private final Confirmation confirmation;

  /**
   * A book of what is in this storage.
   *
   * @param verifier for hubs that are not known yet
   */
  public HubBook(
      PhoneStorage storage, HubTransport transport, HubVerifier verifier, SecureRandom random) {
    this.storage = storage;
    var reach = new HubReach(transport, storage);
    this.pairing = new Pairing(reach, storage, verifier, random);
    this.confirmation = new Confirmation(reach, storage);
  }

  /** Pairs by a code that was read. */
  public PairingResult pair(PairingCode code, String name, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    // The power failed after the hub said yes: its code is spent, and the pairing may be there.
    Optional<PairingResult> earlier = resume(code.hub(), address);
    return earlier.isPresent() ? earlier.get() : finish(pairing.begin(code, name, address));
  }

  /** Pairs by a code that was typed. */
  public PairingResult pair(ManualCode code, String name, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    return finish(pairing.begin(code, name, address));
  }

  private PairingResult finish(Begun begun)
      throws IOException, ProtocolException, GeneralSecurityException {
    return begun instanceof Begun.Pending pending
        ? confirmation.confirm(pending.hub())
        : ((Begun.Ended) begun).result();
  }

  /**
   * Confirms what waits for this hub.
   *
   * @return the pairing; empty if none waited, or the hub has given up on it
   */
  public Optional<PairingResult> resume(HubId hub, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    Optional<StoredHub> waiting = storage.pending(hub);
    if (!waiting.isPresent()) {
      return Optional.empty();
    }
    PairingResult result = confirmation.confirm(waiting.get().at(address));
    return result instanceof PairingResult.Lapsed ? Optional.empty() : Optional.of(result);
  }

  /** Forgets a hub and destroys the phone's key for it. The hub is not told. */
  public void forget(HubId hub) throws IOException, GeneralSecurityException {
    Optional<StoredHub> waiting = storage.pending(hub);
    Optional<StoredHub> held = storage.hub(hub);
    storage.remove(hub);
    if (waiting.isPresent()) {
      storage.keys().delete(waiting.get().phone().keyHandle());
    }
    if (held.isPresent()) {
      storage.keys().delete(held.get().phone().keyHandle());
    }
  }
}
