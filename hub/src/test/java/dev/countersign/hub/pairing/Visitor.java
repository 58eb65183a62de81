// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingKeys;
import dev.countersign.protocol.pairing.PairingRequest;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Spake2Confirmed;
import dev.countersign.protocol.pairing.Spake2Prover;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** Somebody with a phone who comes into the room. */
final class Visitor {
  private final Room room;
  private final String name;
  private final KeyPair keys;
  private @Nullable X509Certificate certificate;

  Visitor(Room room, String name) {
    this(room, name, newKeys());
  }

  Visitor(Room room, String name, KeyPair keys) {
    this.room = room;
    this.name = name;
    this.keys = keys;
  }

  private static KeyPair newKeys() {
    SigningKey key = SigningKey.generate(KeyKind.P256, Room.RANDOM);
    return new KeyPair(key.publicKey(), key.privateKey());
  }

  KeyPair keys() {
    return keys;
  }

  /** A connection of its own each time, so a channel binding of its own. */
  static byte[] connection() {
    var binding = new byte[PairingKeys.CHANNEL_BINDING_BYTES];
    Room.RANDOM.nextBytes(binding);
    return binding;
  }

  /** Scans a code and sends what it proves. */
  PairingDecision scan(PairingCode code) throws Exception {
    return scan(code.secret());
  }

  PairingDecision scan(PairingSecret secret) throws Exception {
    byte[] connection = connection();
    try (PairingKeys proof = PairingKeys.ofSecret(connection, secret, room.keys().id())) {
      PairingAttempt attempt = PairingAttempt.begin(proof, keys, name, Room.RANDOM);
      return keep(
          attempt, room.pairing().attempt(PairingRequest.parse(attempt.request()), connection));
    }
  }

  private PairingDecision keep(PairingAttempt attempt, PairingDecision decision) throws Exception {
    if (decision instanceof PairingDecision.Granted(byte[] answer)) {
      certificate = attempt.verify(answer).grant().certificate();
    }
    return decision;
  }

  /** The first half of an attempt with a typed code. */
  Typed type(ManualCode code) throws Exception {
    byte[] connection = connection();
    Spake2Prover prover =
        Spake2Prover.begin(code, room.keys().id(), room.keys().key(), connection, Room.RANDOM);
    return new Typed(prover, room.pairing().share(prover.share(), connection));
  }

  /** What came back for a share. */
  record Typed(Spake2Prover prover, Pairing.Share share) {
    Pairing.Share.Answered answered() {
      return (Pairing.Share.Answered) share;
    }
  }

  /** The second half, of who typed the right code. */
  PairingDecision complete(Typed typed) throws Exception {
    Pairing.Share.Answered answered = typed.answered();
    Spake2Confirmed confirmed =
        typed.prover().finish(answered.answer().shareV(), answered.answer().confirmV());
    PairingAttempt attempt = PairingAttempt.begin(confirmed.keys(), keys, name, Room.RANDOM);
    return keep(
        attempt,
        room.pairing()
            .attempt(
                PairingRequest.parse(attempt.request(confirmed.confirmP())), answered.attempt()));
  }

  /** The second half, of who typed a wrong code and sends anything. */
  PairingDecision guess(Typed typed) throws Exception {
    try (PairingKeys wrong =
        PairingKeys.ofSecret(connection(), PairingSecret.random(Room.RANDOM), room.keys().id())) {
      byte[] request = PairingAttempt.begin(wrong, keys, name, Room.RANDOM).request(connection());
      return room.pairing().attempt(PairingRequest.parse(request), typed.answered().attempt());
    }
  }

  Pairing.Confirmation confirm() throws IOException {
    return room.pairing().confirm(certificate());
  }

  X509Certificate certificate() {
    if (certificate == null) {
      throw new IllegalStateException(name + " has no certificate");
    }
    return certificate;
  }
}
