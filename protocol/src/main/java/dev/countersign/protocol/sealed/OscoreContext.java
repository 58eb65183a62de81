// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.Hkdf;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One side's keys for sealed messages (RFC 8613 §3). The device's Sender ID is its key id, the
 * server's is empty.
 *
 * <p><b>Security guarantees.</b> What opens was made by the other side for this one, under this ID
 * Context, and an answer for exactly that request. Whether a request was seen before is not judged
 * here. A caller that seals two requests with one number gives the key away: numbers come from a
 * store that never repeats one.
 *
 * <p>{@link #close} overwrites the keys. A closed context refuses to work: under keys of zeros
 * everybody could make messages. Safe for many threads until then.
 */
public final class OscoreContext implements AutoCloseable {
  private static final byte[] SERVER_ID = {};
  private static final int INFO_ITEMS = 5;
  private static final int PARTIAL_IV_BYTES = 5;
  private static final int OSCORE_VERSION = 1;

  private final SealedAlgorithm algorithm;
  private final byte[] senderId;
  private final byte[] recipientId;
  private final byte @Nullable [] idContext;
  private final byte[] senderKey;
  private final byte[] recipientKey;
  private final byte[] commonIv;
  private volatile boolean closed;

  OscoreContext(
      SealedAlgorithm algorithm,
      byte[] masterSecret,
      byte[] masterSalt,
      byte @Nullable [] idContext,
      byte[] senderId,
      byte[] recipientId) {
    this.algorithm = algorithm;
    this.senderId = senderId;
    this.recipientId = recipientId;
    this.idContext = idContext;
    // RFC 8613 §3.2.1: HKDF is extracted once and expanded thrice.
    byte[] prk = Hkdf.extract(masterSalt, masterSecret);
    try {
      this.senderKey = expand(prk, senderId, "Key", algorithm.keyBytes());
      this.recipientKey = expand(prk, recipientId, "Key", algorithm.keyBytes());
      this.commonIv = expand(prk, SERVER_ID, "IV", algorithm.nonceBytes());
    } finally {
      Arrays.fill(prk, (byte) 0);
    }
  }

  private byte[] expand(byte[] prk, byte[] id, String type, int length) {
    var info = new CborWriter().array(INFO_ITEMS).bytes(id);
    if (idContext == null) {
      info.nil();
    } else {
      info.bytes(idContext);
    }
    info.unsigned(algorithm.coseId()).text(type).unsigned(length);
    return Hkdf.expand(prk, info.toByteArray(), length);
  }

  /**
   * The device's side.
   *
   * @param idContext what both sides agreed on after lost state; empty before
   */
  public static OscoreContext ofDevice(
      DeviceKey key,
      DeviceSerial serial,
      int generation,
      SealedAlgorithm algorithm,
      Optional<byte[]> idContext) {
    byte[] kid = KeyId.of(serial, generation).bytes();
    return of(key, serial, generation, algorithm, idContext, kid, SERVER_ID);
  }

  /** The server's side. */
  public static OscoreContext ofServer(
      DeviceKey key,
      DeviceSerial serial,
      int generation,
      SealedAlgorithm algorithm,
      Optional<byte[]> idContext) {
    byte[] kid = KeyId.of(serial, generation).bytes();
    return of(key, serial, generation, algorithm, idContext, SERVER_ID, kid);
  }

  private static OscoreContext of(
      DeviceKey key,
      DeviceSerial serial,
      int generation,
      SealedAlgorithm algorithm,
      Optional<byte[]> idContext,
      byte[] senderId,
      byte[] recipientId) {
    SecretAccess access = SecretAccess.insecure();
    byte[] secret = key.derive(KeyPurpose.OSCORE_MASTER_SECRET, serial, generation, access);
    byte[] salt = key.derive(KeyPurpose.OSCORE_SALT, serial, generation, access);
    try {
      byte @Nullable [] context = idContext.map(byte[]::clone).orElse(null);
      return new OscoreContext(algorithm, secret, salt, context, senderId, recipientId);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(salt, (byte) 0);
    }
  }

  /**
   * Seals a request of a device.
   *
   * @param sequence never used before under these keys
   * @param announced the ID Context is sent along, as the first requests after lost state need it
   */
  public SentRequest seal(long sequence, InnerMessage request, boolean announced) {
    byte @Nullable [] kidContext =
        announced && idContext != null ? LostState.kidContext(idContext) : null;
    OscoreOption option = OscoreOption.ofRequest(sequence, kidContext, senderId);
    var binding = new RequestBinding(senderId, OscoreOption.partialIv(sequence));
    return new SentRequest.Oscore(
        this, binding, new OscoreMessage(option, encrypt(binding, request)));
  }

  /** Opens a request of a device. */
  public OpenedRequest open(OscoreMessage message)
      throws NotAuthenticException, MalformedException {
    byte @Nullable [] partialIv = message.option().partialIv();
    Optional<byte[]> kid = message.option().kid();
    if (partialIv == null || !kid.isPresent()) {
      throw new MalformedException("OSCORE option", "expected a Partial IV and a kid");
    }
    var binding = new RequestBinding(recipientId, partialIv);
    byte[] plaintext = decrypt(nonce(binding), binding, message);
    // Only now, so that a message for somebody else costs what one for this device does.
    if (!Arrays.equals(kid.get(), recipientId)) {
      throw new NotAuthenticException();
    }
    return new OpenedRequest.Oscore(
        this, binding, message.option().sequence().getAsLong(), InnerMessage.decode(plaintext));
  }

  /** Seals an answer to a request that may have come under another context. */
  OscoreMessage sealAnswer(RequestBinding binding, InnerMessage answer, OscoreOption option) {
    return new OscoreMessage(option, encrypt(binding, answer));
  }

  /** Opens the answer to a request that may have gone out under another context. */
  InnerMessage openAnswer(RequestBinding binding, OscoreMessage answer)
      throws NotAuthenticException, MalformedException {
    if (answer.option().kid().isPresent()) {
      throw new MalformedException("OSCORE option", "expected no kid in an answer");
    }
    // RFC 8613 §8.4: a server may use a number of its own. Ours never does, others may.
    byte @Nullable [] own = answer.option().partialIv();
    byte[] nonce = nonce(own == null ? binding : new RequestBinding(recipientId, own));
    return InnerMessage.decode(decrypt(nonce, binding, answer));
  }

  private byte[] encrypt(RequestBinding binding, InnerMessage message) {
    byte[] sealed = Aead.seal(algorithm, senderKey, nonce(binding), aad(binding), message.encode());
    checkOpen();
    return sealed;
  }

  private byte[] decrypt(byte[] nonce, RequestBinding binding, OscoreMessage message)
      throws NotAuthenticException {
    checkOpen();
    byte[] plaintext =
        Aead.open(algorithm, recipientKey, nonce, aad(binding), message.sharedCiphertext());
    checkOpen();
    return plaintext;
  }

  /** Asked after the keys were used too, so that a close meanwhile is seen. */
  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this context is closed");
    }
  }

  /** RFC 8613 §5.2. An answer has the nonce of its request, under the other key. */
  byte[] nonce(RequestBinding binding) {
    byte[] nonce = commonIv.clone();
    byte[] id = binding.kid();
    byte[] iv = binding.partialIv();
    nonce[0] ^= (byte) id.length;
    int idEnd = nonce.length - PARTIAL_IV_BYTES;
    for (int i = 0; i < id.length; i++) {
      nonce[idEnd - id.length + i] ^= id[i];
    }
    for (int i = 0; i < iv.length; i++) {
      nonce[nonce.length - iv.length + i] ^= iv[i];
    }
    return nonce;
  }

  /** RFC 8613 §5.4, in the structure of RFC 9052 §5.3. */
  byte[] aad(RequestBinding binding) {
    byte[] external =
        new CborWriter()
            .array(INFO_ITEMS)
            .unsigned(OSCORE_VERSION)
            .array(1)
            .unsigned(algorithm.coseId())
            .bytes(binding.kid())
            .bytes(binding.partialIv())
            .bytes(new byte[0])
            .toByteArray();
    return new CborWriter()
        .array(3)
        .text("Encrypt0")
        .bytes(new byte[0])
        .bytes(external)
        .toByteArray();
  }

  /** The ID Context, if there is one. */
  public Optional<byte[]> idContext() {
    return Optional.ofNullable(idContext).map(byte[]::clone);
  }

  /** Whether the ID Context begins with these bytes. */
  boolean beginsWith(byte[] part) {
    return idContext != null
        && part.length <= idContext.length
        && Arrays.equals(part, Arrays.copyOf(idContext, part.length));
  }

  byte[] senderKey() {
    return senderKey;
  }

  byte[] recipientKey() {
    return recipientKey;
  }

  byte[] commonIv() {
    return commonIv;
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(senderKey, (byte) 0);
    Arrays.fill(recipientKey, (byte) 0);
    Arrays.fill(commonIv, (byte) 0);
  }

  @Override
  public String toString() {
    return "OscoreContext[keys hidden]";
  }
}
