// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.keys.Hmac;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /pair} as a hub reads it: {@code [M1, tag]}, after {@code POST
 * /pair/code} {@code [M1, tag, confirmP]}. Nothing about it is true before {@link #verify}.
 * Immutable.
 */
public final class PairingRequest {
  private static final List<String> FIELDS = List.of("message", "tag", "confirmP");

  private final byte[] bytes;
  private final PhoneMessage message;
  private final byte[] tag;
  private final byte @Nullable [] confirmation;

  private PairingRequest(
      byte[] bytes, PhoneMessage message, byte[] tag, byte @Nullable [] confirmation) {
    this.bytes = bytes;
    this.message = message;
    this.tag = tag;
    this.confirmation = confirmation;
  }

  /**
   * Reads a body, of at most 16 KiB. Whether it is well-formed does not depend on any secret.
   *
   * @throws MalformedException if it is none; names the field
   */
  public static PairingRequest parse(byte[] body) throws MalformedException {
    List<byte[]> parts = ByteStrings.decode(body, FIELDS, 1);
    byte[] message = parts.get(0);
    byte[] tag = ByteStrings.exactly("tag", Hmac.BYTES, parts.get(1));
    byte[] confirmation =
        parts.size() < FIELDS.size()
            ? null
            : ByteStrings.exactly("confirmP", Hmac.BYTES, parts.get(2));
    return new PairingRequest(message, PhoneMessage.decode(message), tag, confirmation);
  }

  /** {@code confirmP} of SPAKE2+, for {@link Spake2Verifier#verify}; empty without a typed code. */
  public Optional<byte[]> confirmation() {
    return Optional.ofNullable(confirmation).map(byte[]::clone);
  }

  /**
   * Whether its sender knows the secret of these keys, over this connection, and holds the key that
   * it asks a certificate for.
   *
   * @param keys which must stay open until the answer is made
   * @throws NotAuthenticException if not; takes the same time wherever the tag differs
   */
  public VerifiedPairingRequest verify(PairingKeys keys) throws NotAuthenticException {
    if (!MessageDigest.isEqual(keys.requestTag(bytes), tag)) {
      throw new NotAuthenticException();
    }
    // RFC 2986 §3 note 2, only for who knows the secret: it is the costlier check.
    if (!message.csr().hasProofOfPossession()) {
      throw new NotAuthenticException();
    }
    return new VerifiedPairingRequest(keys, bytes, message);
  }
}
