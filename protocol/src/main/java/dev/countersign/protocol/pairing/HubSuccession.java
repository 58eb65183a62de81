// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/**
 * A hub's old key says which one comes next (docs/protocol.md, A new key of a hub): a COSE_Sign1
 * (RFC 9052 §4.2) of ES256, untagged, over {@code {1: hub id, 2: SHA-256 of the new key, 3:
 * counter}}. The new key itself stands beside the signature, so that the next statement of a list
 * can be verified; it counts by its hash.
 *
 * <p>Only {@link #verify} makes one, so its content is what the old key said. That the counter
 * rises is for {@link #follow}, or the caller, to see. Immutable.
 */
public final class HubSuccession {
  /** A hub keeps no more of them. */
  public static final int MAX_STATEMENTS = 16;

  /** {1: -7}, the algorithm ES256. */
  private static final byte[] PROTECTED = {(byte) 0xa1, 1, 0x26};

  /** What keeps these from being taken for anything else that the key may sign. */
  private static final byte[] EXTERNAL_AAD = "cs1-successor".getBytes(US_ASCII);

  /** RFC 9052 §3.1: labels below -65536 are for private use. */
  private static final long NEW_KEY_LABEL = -65_537;

  private static final int ITEMS = 4;
  private static final int SIGNATURE_BYTES = 64;
  private static final int HUB = 1;
  private static final int KEY_HASH = 2;
  private static final int COUNTER = 3;
  private static final int PAIRS = 3;
  private static final int MAX_PAYLOAD_BYTES = 64;

  private final Content content;
  private final PublicKey newKey;
  private final byte[] encoded;

  private HubSuccession(Content content, PublicKey newKey, byte[] encoded) {
    this.content = content;
    this.newKey = newKey;
    this.encoded = encoded;
  }

  /** What is signed. */
  private record Content(HubId hub, Sha256 newKey, long counter) {
    byte[] encode() {
      return new CborWriter()
          .map(PAIRS)
          .unsigned(HUB)
          .bytes(hub.bytes())
          .unsigned(KEY_HASH)
          .bytes(newKey.bytes())
          .unsigned(COUNTER)
          .unsigned(counter)
          .toByteArray();
    }

    static Content decode(byte[] payload) throws MalformedException {
      var in = new CborReader(payload);
      if (in.map("payload") != PAIRS || in.unsigned("payload") != HUB) {
        throw form();
      }
      byte[] hub = ByteStrings.exactly("hub id", HubId.BYTES, in.bytes("hub id", HubId.BYTES));
      if (in.unsigned("payload") != KEY_HASH) {
        throw form();
      }
      byte[] key = ByteStrings.exactly("new key", Sha256.BYTES, in.bytes("new key", Sha256.BYTES));
      if (in.unsigned("payload") != COUNTER) {
        throw form();
      }
      long counter = in.unsigned("counter");
      in.end();
      if (counter == 0) {
        throw new MalformedException("counter", "expected a number from 1");
      }
      var content = new Content(HubId.wrap(hub), Sha256.wrap(key), counter);
      ByteStrings.requireOnlyForm("payload", payload, content.encode());
      return content;
    }

    private static MalformedException form() {
      return new MalformedException("payload", "expected {1: hub id, 2: new key, 3: counter}");
    }
  }

  /** A statement as it was read, before its signature was verified. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Unverified(byte[] payload, byte[] newKey, byte[] signature) {
    byte[] encode() {
      return new CborWriter()
          .array(ITEMS)
          .bytes(PROTECTED)
          .map(1)
          .integer(NEW_KEY_LABEL)
          .bytes(newKey)
          .bytes(payload)
          .bytes(signature)
          .toByteArray();
    }

    static Unverified decode(byte[] coseSign1) throws MalformedException {
      var in = new CborReader(coseSign1);
      if (in.array("succession") != ITEMS
          || !Arrays.equals(in.bytes("protected", PROTECTED.length), PROTECTED)) {
        throw new MalformedException("succession", "expected a COSE_Sign1 of ES256");
      }
      if (in.map("unprotected") != 1
          || !in.integer("unprotected").equals(BigInteger.valueOf(NEW_KEY_LABEL))) {
        throw new MalformedException("unprotected", "expected the new key and nothing else");
      }
      byte[] newKey = in.bytes("new key", P256Keys.SPKI_BYTES);
      byte[] payload = in.bytes("payload", MAX_PAYLOAD_BYTES);
      byte[] signature =
          ByteStrings.exactly("signature", SIGNATURE_BYTES, in.bytes("signature", SIGNATURE_BYTES));
      in.end();
      var read = new Unverified(payload, newKey, signature);
      ByteStrings.requireOnlyForm("succession", coseSign1, read.encode());
      return read;
    }
  }

  /**
   * Makes a statement.
   *
   * @param newKey P-256
   * @param counter from 1, more than in every statement of this hub before
   * @param old the P-256 key that the hub gives up
   * @throws GeneralSecurityException if a key is none for this
   */
  public static byte[] sign(HubId hub, PublicKey newKey, long counter, PrivateKey old)
      throws GeneralSecurityException {
    if (counter < 1) {
      throw new IllegalArgumentException("counter: expected a number from 1, got " + counter);
    }
    byte[] spki = P256Keys.encode(newKey);
    byte[] payload = new Content(hub, Sha256.of(spki), counter).encode();
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(old);
    signer.update(signed(payload));
    return new Unverified(payload, spki, toPlain(signer.sign())).encode();
  }

  /**
   * Verifies one statement.
   *
   * @param hub that it has to be about
   * @param old the key that has to have signed it
   * @throws MalformedException if it is none, or stands in another form than ours
   * @throws NotAuthenticException if another key signed it, or it is about another hub
   */
  public static HubSuccession verify(byte[] coseSign1, HubId hub, PublicKey old)
      throws MalformedException, NotAuthenticException {
    Unverified read = Unverified.decode(coseSign1);
    Content content = Content.decode(read.payload());
    if (!isSigned(read, old)
        || !content.hub().equals(hub)
        || !Sha256.of(read.newKey()).equals(content.newKey())) {
      throw new NotAuthenticException();
    }
    return new HubSuccession(content, P256Keys.decode(read.newKey()), coseSign1.clone());
  }

  /**
   * Follows a hub's statements from a key that a phone knows, as far as they go.
   *
   * @param statements oldest first, as {@code GET /successors} gives them; those from before the
   *     known key are passed over
   * @param after the counter of the statement that named the known key; 0 for the hub's first key
   * @return the last one; empty if none follows from this key
   * @throws MalformedException if one that should count is malformed
   */
  public static Optional<HubSuccession> follow(
      List<byte[]> statements, HubId hub, PublicKey known, long after) throws MalformedException {
    PublicKey key = known;
    long counter = after;
    Optional<HubSuccession> last = Optional.empty();
    for (byte[] statement : statements) {
      try {
        HubSuccession next = verify(statement, hub, key);
        if (next.counter() > counter) {
          key = next.newPublicKey();
          counter = next.counter();
          last = Optional.of(next);
        }
      } catch (NotAuthenticException e) {
        // By another key: from before the known one, or no part of this line.
      }
    }
    return last;
  }

  /** The body of {@code GET /successors}: {@code [COSE_Sign1, …]}, oldest first. */
  public static byte[] encodeAll(List<byte[]> statements) {
    if (statements.size() > MAX_STATEMENTS) {
      throw new IllegalArgumentException("expected at most " + MAX_STATEMENTS + " statements");
    }
    return ByteStrings.encode(statements);
  }

  /** Reads the body of {@code GET /successors}; nothing in it is verified. */
  public static List<byte[]> decodeAll(byte[] body) throws MalformedException {
    return ByteStrings.decode(
        body, Collections.nCopies(MAX_STATEMENTS, "succession"), MAX_STATEMENTS);
  }

  private static boolean isSigned(Unverified read, PublicKey old) {
    try {
      Signature verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(old);
      verifier.update(signed(read.payload()));
      return verifier.verify(toDer(read.signature()));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** RFC 9052 §4.4: Sig_structure. */
  private static byte[] signed(byte[] payload) {
    return new CborWriter()
        .array(ITEMS)
        .text("Signature1")
        .bytes(PROTECTED)
        .bytes(EXTERNAL_AAD)
        .bytes(payload)
        .toByteArray();
  }

  /** RFC 9053 §2.1: r ‖ s. The platform writes them in DER, and on Android knows nothing else. */
  private static byte[] toPlain(byte[] der) throws GeneralSecurityException {
    try {
      BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(Spake2Group.ORDER, der);
      return PlainDSAEncoding.INSTANCE.encode(Spake2Group.ORDER, rs[0], rs[1]);
    } catch (IOException | IllegalArgumentException e) {
      throw new GeneralSecurityException("expected a signature of a P-256 key", e);
    }
  }

  private static byte[] toDer(byte[] plain) throws GeneralSecurityException {
    try {
      BigInteger[] rs = PlainDSAEncoding.INSTANCE.decode(Spake2Group.ORDER, plain);
      return StandardDSAEncoding.INSTANCE.encode(Spake2Group.ORDER, rs[0], rs[1]);
    } catch (IOException | IllegalArgumentException e) {
      throw new GeneralSecurityException("expected numbers from 1 to the order less 1", e);
    }
  }

  /** Which hub. */
  public HubId hub() {
    return content.hub();
  }

  /** The hash of the new key's SubjectPublicKeyInfo: what a phone pins from now on. */
  public Sha256 newKey() {
    return content.newKey();
  }

  /** The new key. */
  public PublicKey newPublicKey() {
    return newKey;
  }

  /** From 1, rising with each new key of the hub. */
  public long counter() {
    return content.counter();
  }

  /** The statement as it was read. */
  public byte[] encoded() {
    return encoded.clone();
  }
}
