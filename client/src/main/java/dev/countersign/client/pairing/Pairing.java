// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubCall;
import dev.countersign.client.hub.HubCall.ExpectedHub;
import dev.countersign.client.hub.HubConnection;
import dev.countersign.client.hub.HubRefusedException;
import dev.countersign.client.hub.RepeatedHubKeyException;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairedPhone;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingGrant;
import dev.countersign.protocol.pairing.PairingKeys;
import dev.countersign.protocol.pairing.PresentedHub;
import dev.countersign.protocol.pairing.Spake2Confirmed;
import dev.countersign.protocol.pairing.Spake2Prover;
import dev.countersign.protocol.pairing.VerifiedHub;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The phone's side of a pairing, up to the certificate; {@link Confirmation} is the rest.
 *
 * <p><b>Security guarantees.</b> With a QR code nothing is sent to a server whose key is not the
 * one in the code. With a typed code nothing but a share of SPAKE2+ is sent before the server has
 * shown that it knows the code. What the phone stores came under a key that only a hub with the
 * secret has, over this very connection.
 */
final class Pairing {
  private static final String CBOR = "application/cbor";
  private static final int HANDLE_BYTES = 16;

  private final HubReach reach;
  private final PhoneStorage storage;
  private final HubVerifier verifier;
  private final SecureRandom random;

  /**
   * Pairing for one phone.
   *
   * @param verifier by the makers' roots that the app brings, or by the root that the hub presents
   */
  Pairing(HubReach reach, PhoneStorage storage, HubVerifier verifier, SecureRandom random) {
    this.reach = reach;
    this.storage = storage;
    this.verifier = verifier;
    this.random = random;
  }

  /** What came of the first half. */
  sealed interface Begun {
    /** There is a certificate, stored, that waits to be confirmed. */
    record Pending(StoredHub hub) implements Begun {}

    /** The hub said no. */
    record Ended(PairingResult result) implements Begun {}
  }

  /** By the code that was read. */
  Begun begin(PairingCode code, String name, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    Map<Sha256, HubId> known = reach.knownKeys();
    HubId before = known.get(code.hubKey());
    if (before != null && !before.equals(code.hub())) {
      throw new RepeatedHubKeyException(code.hubKey(), before, code.hub());
    }
    HubCall call =
        HubCall.toPair(address, verifier, new ExpectedHub(code.hub(), code.hubKey()), known);
    try (HubConnection connection = HubConnection.open(reach.transport(), call);
        PairingKeys keys =
            PairingKeys.ofSecret(connection.channelBinding(), code.secret(), code.hub())) {
      return exchange(connection, keys, null, name, address);
    } catch (HubRefusedException e) {
      return new Begun.Ended(refused(e));
    }
  }

  /** By the code that was typed. */
  Begun begin(ManualCode code, String name, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    HubCall call = HubCall.toMeet(address, verifier, reach.knownKeys());
    try (HubConnection connection = HubConnection.open(reach.transport(), call)) {
      PresentedHub hub = connection.hub();
      Spake2Prover prover =
          Spake2Prover.begin(code, hub.id(), hub.key(), connection.channelBinding(), random);
      byte[] answer = post(connection, "/pair/code", prover.request());
      Spake2Confirmed confirmed;
      try {
        confirmed = prover.finish(answer);
      } catch (NotAuthenticException e) {
        // Most often a digit is wrong; else somebody who does not know the code has answered.
        return new Begun.Ended(new PairingResult.Refused());
      }
      try (PairingKeys keys = confirmed.keys()) {
        return exchange(connection, keys, confirmed.confirmP(), name, address);
      }
    } catch (HubRefusedException e) {
      return new Begun.Ended(refused(e));
    }
  }

  private Begun exchange(
      HubConnection connection,
      PairingKeys keys,
      byte @Nullable [] confirmation,
      String name,
      HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    sweep();
    String handle = handle();
    KeyPair key = storage.keys().create(handle);
    boolean kept = false;
    try {
      PairingAttempt attempt = PairingAttempt.begin(keys, key, name, random);
      byte[] request = confirmation == null ? attempt.request() : attempt.request(confirmation);
      PairedPhone paired = attempt.verify(post(connection, "/pair", request));
      StoredHub pending =
          new StoredHub(
              pin(connection.hub(), paired.grant()),
              membership(paired.grant(), handle, name),
              address,
              "");
      storage.begin(pending);
      kept = true;
      return new Begun.Pending(pending);
    } finally {
      if (!kept) {
        storage.keys().delete(handle);
      }
    }
  }

  /**
   * What the hub says of itself under the secret must be what it showed in the handshake, by the
   * same rules: else whoever has a secret could leave a root of his own in the phone.
   */
  private PinnedHub pin(PresentedHub presented, PairingGrant grant) throws ProtocolException {
    VerifiedHub hub = verifier.verify(grant.hubChain(), presented.id(), presented.key());
    return new PinnedHub(hub.id(), hub.leaf(), hub.root(), 0);
  }

  private static Membership membership(PairingGrant grant, String handle, String name) {
    return new Membership(
        grant.certificate(), grant.phoneCa(), handle, name, grant.role(), grant.epoch());
  }

  /** Keys of pairings that a power cut ended, and of pairings that were replaced since. */
  private void sweep() throws IOException, GeneralSecurityException {
    Set<String> used = new HashSet<>();
    storage.hubs().forEach(hub -> used.add(hub.phone().keyHandle()));
    storage.pending().forEach(hub -> used.add(hub.phone().keyHandle()));
    for (String handle : storage.keys().handles()) {
      if (!used.contains(handle)) {
        storage.keys().delete(handle);
      }
    }
  }

  private String handle() {
    var bytes = new byte[HANDLE_BYTES];
    random.nextBytes(bytes);
    return "hub-" + Hexadecimal.encode(bytes);
  }

  private static byte[] post(HubConnection connection, String path, byte[] body)
      throws IOException, HubRefusedException {
    Response answer = connection.require(Request.of("POST", path, CBOR, body));
    return answer.body();
  }

  /** What a person can do something about. */
  private static PairingResult refused(HubRefusedException e) throws HubRefusedException {
    Optional<PairingResult> result = result(e.problem());
    if (result.isPresent()) {
      return result.get();
    }
    throw e;
  }

  private static Optional<PairingResult> result(String problem) {
    return switch (problem) {
      case "pairing-refused" -> Optional.of(new PairingResult.Refused());
      case "pairing-closed" -> Optional.of(new PairingResult.Closed());
      case "pairing-busy" -> Optional.of(new PairingResult.Busy());
      case "phones-full" -> Optional.of(new PairingResult.Full());
      default -> Optional.empty();
    };
  }
}
