// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client;

import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.RemovedFromHubException;
import dev.countersign.client.hub.BouncyCastleHubTransport;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubTransport;
import dev.countersign.client.hub.OtherHubException;
import dev.countersign.client.pairing.HubBook;
import dev.countersign.client.pairing.HubReach;
import dev.countersign.client.pairing.PairingResult;
import dev.countersign.client.pairing.PhoneStorage;
import dev.countersign.client.pairing.StoredHub;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A phone and its hubs: pairs, and opens sessions. Needs no internet and no clock.
 *
 * <p><b>Security guarantees.</b> A hub is known by its maker's root, its id, its key usage
 * <em>and</em> its key, learned from its code or by SPAKE2+; nothing is sent to a server before it
 * has shown all of them. A new key is followed only when the old one has named it. There is no
 * option against any of that, and a transport of the app's own carries nothing that was not judged
 * here. The phone's key is made on the phone, for one hub and one pairing, and stays there.
 *
 * <p>Pairing is for one thread at a time; sessions are safe for use by many.
 */
public final class PhoneClient {
  private final PhoneStorage storage;
  private final HubReach reach;
  private final HubBook book;

  private PhoneClient(PhoneStorage storage, HubTransport transport, HubVerifier verifier) {
    this.storage = storage;
    this.reach = new HubReach(transport, storage);
    this.book = new HubBook(storage, transport, verifier, new SecureRandom());
  }

  /**
   * A phone for hubs of any maker: the root comes with the pairing, under the code's secret.
   *
   * @param storage not used by anybody else
   */
  public static PhoneClient of(PhoneStorage storage) {
    return of(storage, new BouncyCastleHubTransport());
  }

  /** The same, with a transport of the app's own. */
  public static PhoneClient of(PhoneStorage storage, HubTransport transport) {
    return new PhoneClient(storage, transport, HubVerifier.ofPresentedRoot());
  }

  /** A phone that pairs with hubs of these makers only. */
  public static PhoneClient ofMakers(
      PhoneStorage storage, HubTransport transport, Collection<X509Certificate> roots) {
    return new PhoneClient(storage, transport, HubVerifier.ofMakers(roots));
  }

  /**
   * Pairs by the code of a QR code.
   *
   * @param name as others see this phone on the hub's list, 1 to 64 characters
   * @param address where the hub is, as its announcement or a person says; not believed
   * @throws ProtocolException if what answers is not the hub of the code, or lies
   * @throws IOException if it cannot be reached; what was begun is finished by the next call
   */
  public PairingResult pair(PairingCode code, String name, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    return book.pair(code, name, address);
  }

  /** Pairs by the ten digits on the hub's screen. */
  public PairingResult pair(ManualCode code, String name, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    return book.pair(code, name, address);
  }

  /** The hubs this phone is paired with. */
  public List<StoredHub> hubs() throws IOException {
    return storage.hubs();
  }

  /** How the opening of a session ended. */
  public sealed interface Opening {
    /** The hub is there and knows this phone. */
    record Opened(HubSession session) implements Opening {}

    /**
     * Another hub answers, or this one has a key that the old one did not name.
     *
     * @param how what was expected, and what came
     */
    record HubChanged(OtherHubException how) implements Opening {}

    /** The hub does not know this phone (any more). */
    record RemovedFromHub() implements Opening {}

    /** This phone has never been paired with that hub. */
    record NotPaired() implements Opening {}
  }

  /** Opens a session where the hub answered last. */
  public Opening open(HubId hub) throws IOException, ProtocolException, GeneralSecurityException {
    return open(hub, Optional.empty());
  }

  /** Opens a session, where the hub is now; that address is kept if it is the hub. */
  public Opening open(HubId hub, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    return open(hub, Optional.of(address));
  }

  private Opening open(HubId id, Optional<HubAddress> address)
      throws IOException, ProtocolException, GeneralSecurityException {
    try {
      Optional<StoredHub> waiting = storage.pending(id);
      if (waiting.isPresent()) {
        book.resume(id, address.orElse(waiting.get().address()));
      }
      Optional<StoredHub> stored = storage.hub(id);
      if (!stored.isPresent()) {
        return waiting.isPresent() ? new Opening.RemovedFromHub() : new Opening.NotPaired();
      }
      HubAddress where = address.orElse(stored.get().address());
      HubSession session = HubSession.open(reach, stored.get(), where);
      remember(session.hub(), where);
      return new Opening.Opened(session);
    } catch (OtherHubException e) {
      return new Opening.HubChanged(e);
    } catch (RemovedFromHubException e) {
      return new Opening.RemovedFromHub();
    }
  }

  private void remember(StoredHub hub, HubAddress address) throws IOException {
    if (!hub.address().equals(address)) {
      storage.keep(hub.at(address));
    }
  }

  /** Forgets a hub, and destroys this phone's key for it. The hub is not told. */
  public void forget(HubId hub) throws IOException, GeneralSecurityException {
    book.forget(hub);
  }
}
