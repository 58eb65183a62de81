// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.Hkdf;
import dev.countersign.protocol.keys.Hmac;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The two keys by which a phone and a hub prove to each other, over one TLS connection, that they
 * have the same secret (docs/protocol.md, Pairing).
 *
 * <p><b>Security guarantees.</b> The keys come from the secret <i>and</i> the channel binding of
 * the connection (RFC 9266), so what was made with them on one connection is worth nothing on
 * another, whoever forwards it. Each direction has a key of its own, so nothing can be sent back to
 * its maker. {@link #close} overwrites the keys; a closed object refuses to work, since under a key
 * of zeros everybody could make tags. Safe for many threads until then.
 */
public final class PairingKeys implements AutoCloseable {
  /** RFC 9266 §4.2. */
  public static final int CHANNEL_BINDING_BYTES = 32;

  private static final byte[] PHONE = "phone".getBytes(US_ASCII);
  private static final byte[] HUB = "hub".getBytes(US_ASCII);
  private static final byte[] REQUEST = "cs1-pair".getBytes(US_ASCII);

  private final byte[] phoneKey;
  private final byte[] hubKey;
  private volatile boolean closed;

  private PairingKeys(byte[] phoneKey, byte[] hubKey) {
    this.phoneKey = phoneKey;
    this.hubKey = hubKey;
  }

  /**
   * The keys of who has read a QR code.
   *
   * @param channelBinding the 32 bytes of the TLS exporter {@code EXPORTER-Channel-Binding}
   */
  public static PairingKeys ofSecret(byte[] channelBinding, PairingSecret secret, HubId hub) {
    byte[] content = secret.bytes(SecretAccess.insecure());
    try {
      return derive(channelBinding, content, hub);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /**
   * The keys of who has typed a code.
   *
   * @param channelBinding the 32 bytes of the TLS exporter {@code EXPORTER-Channel-Binding}
   * @param sharedKey {@code K_shared} of SPAKE2+, 32 bytes; left as it is
   */
  public static PairingKeys ofShared(byte[] channelBinding, byte[] sharedKey, HubId hub) {
    if (sharedKey.length != Spake2Transcript.KEY_BYTES) {
      throw new IllegalArgumentException("shared key: expected 32 bytes");
    }
    return derive(channelBinding, sharedKey, hub);
  }

  private static PairingKeys derive(byte[] channelBinding, byte[] secret, HubId hub) {
    if (channelBinding.length != CHANNEL_BINDING_BYTES) {
      throw new IllegalArgumentException(
          "channel binding: expected 32 bytes, got " + channelBinding.length);
    }
    byte[] pseudorandomKey = Hkdf.extract(channelBinding, secret);
    try {
      return new PairingKeys(
          Hkdf.expand(pseudorandomKey, join(PHONE, hub.bytes()), Hmac.BYTES),
          Hkdf.expand(pseudorandomKey, join(HUB, hub.bytes()), Hmac.BYTES));
    } finally {
      Arrays.fill(pseudorandomKey, (byte) 0);
    }
  }

  /** What the phone puts beside its message. */
  byte[] requestTag(byte[] request) {
    return Hmac.sha256(open(phoneKey), join(REQUEST, hash(request)));
  }

  /** What the hub puts beside its answer to that message, and to no other. */
  byte[] answerTag(byte[] request, byte[] answer) {
    return Hmac.sha256(open(hubKey), join(hash(request), hash(answer)));
  }

  private static byte[] hash(byte[] message) {
    return Sha256.of(message).bytes();
  }

  private static byte[] join(byte[] first, byte[] second) {
    var joined = new ByteArrayOutputStream();
    joined.write(first, 0, first.length);
    joined.write(second, 0, second.length);
    return joined.toByteArray();
  }

  private byte[] open(byte[] key) {
    if (closed) {
      throw new IllegalStateException("these keys are closed");
    }
    return key;
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(phoneKey, (byte) 0);
    Arrays.fill(hubKey, (byte) 0);
  }

  @Override
  public String toString() {
    return "PairingKeys[hidden]";
  }
}
