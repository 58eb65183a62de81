// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.Hmac;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * The two keys of a device that authenticates and does not encrypt (docs/protocol.md, Messages with
 * a MAC alone), for either side.
 *
 * <p><b>Security guarantees.</b> What opens was made by the other side, since each direction has
 * its own key, and an answer was made for exactly that request, since it covers the request's tag.
 * Everybody on the way can read it. Whether a request was seen before is not judged here.
 *
 * <p>{@link #close} overwrites the keys. A closed context refuses to work: under a key of zeros
 * everybody could make messages. Safe for many threads until then.
 */
public final class MacContext implements AutoCloseable {
  private static final String DOMAIN = "cs1-mac";
  private static final int REQUEST = 0;
  private static final int RESPONSE = 1;
  private static final int REQUEST_ITEMS = 5;
  private static final int ANSWER_ITEMS = 3;
  private static final int MAX_ECHO_BYTES = 40;
  private static final int MAX_TARGET_BYTES = 255;

  private final byte[] kid;
  private final byte[] requestKey;
  private final byte[] answerKey;
  private volatile boolean closed;

  private MacContext(byte[] kid, byte[] requestKey, byte[] answerKey) {
    this.kid = kid;
    this.requestKey = requestKey;
    this.answerKey = answerKey;
  }

  /** The keys of a device. */
  public static MacContext of(DeviceKey key, DeviceSerial serial, int generation) {
    SecretAccess access = SecretAccess.insecure();
    return new MacContext(
        KeyId.of(serial, generation).bytes(),
        key.derive(KeyPurpose.MAC_DEVICE_TO_SERVER, serial, generation, access),
        key.derive(KeyPurpose.MAC_SERVER_TO_DEVICE, serial, generation, access));
  }

  /**
   * Makes a request of a device.
   *
   * @param sequence never used before under this key
   * @param request its options other than path, query and Echo do not travel this way
   */
  public SentRequest seal(long sequence, InnerMessage request) {
    var payload = new CborWriter().array(REQUEST_ITEMS).unsigned(sequence);
    Optional<byte[]> echo = request.echo();
    if (echo.isPresent()) {
      payload.bytes(echo.get());
    } else {
      payload.nil();
    }
    payload.unsigned(request.code()).text(target(request)).bytes(request.body());
    byte[] bytes = payload.toByteArray();
    byte[] tag = tag(requestKey, aad(REQUEST, new byte[0]), bytes);
    return new SentRequest.Mac(this, sequence, new MacMessage(kid, bytes, tag));
  }

  private static String target(InnerMessage request) {
    try {
      String query = request.query();
      return query.isEmpty() ? request.path() : request.path() + "?" + query;
    } catch (MalformedException e) {
      throw new IllegalArgumentException("expected a path and a query in UTF-8", e);
    }
  }

  /** Opens a request of a device. */
  public OpenedRequest open(MacMessage message) throws NotAuthenticException, MalformedException {
    Optional<byte[]> claimed = message.kid();
    if (!claimed.isPresent()) {
      throw new MalformedException("unprotected", "expected a kid");
    }
    byte[] expected = tag(requestKey, aad(REQUEST, new byte[0]), message.payload());
    if (!MessageDigest.isEqual(expected, message.tag()) || !Arrays.equals(claimed.get(), kid)) {
      throw new NotAuthenticException();
    }
    var in = new CborReader(message.payload());
    if (in.array("payload") != REQUEST_ITEMS) {
      throw new MalformedException("payload", "expected sequence, Echo, code, path and body");
    }
    long sequence = in.unsigned("sequence");
    if (sequence > OscoreOption.MAX_PARTIAL_IV) {
      throw new MalformedException("sequence", "expected a number below 2^40 - 1");
    }
    Optional<byte[]> echo = in.nil() ? Optional.empty() : Optional.of(echo(in));
    int code = code(in);
    String target = in.text("path");
    byte[] body = in.bytes("body", SealedMessage.MAX_BYTES);
    in.end();
    if (target.getBytes(UTF_8).length > MAX_TARGET_BYTES) {
      throw new MalformedException("path", "expected at most " + MAX_TARGET_BYTES + " bytes");
    }
    InnerMessage request = InnerMessage.requestTo(code, target).withBody(body);
    return new OpenedRequest.Mac(
        this, message.tag(), sequence, echo.isPresent() ? request.withEcho(echo.get()) : request);
  }

  private static byte[] echo(CborReader in) throws MalformedException {
    return in.bytes("Echo", MAX_ECHO_BYTES);
  }

  private static int code(CborReader in) throws MalformedException {
    long code = in.unsigned("code");
    if (code > 255) {
      throw new MalformedException("code", "expected one byte");
    }
    return (int) code;
  }

  MacMessage sealAnswer(long sequence, byte[] requestTag, InnerMessage answer) {
    Optional<byte[]> echo = answer.echo();
    var payload =
        new CborWriter()
            .array(ANSWER_ITEMS + (echo.isPresent() ? 1 : 0))
            .unsigned(sequence)
            .unsigned(answer.code())
            .bytes(answer.body());
    echo.ifPresent(payload::bytes);
    byte[] bytes = payload.toByteArray();
    return new MacMessage(null, bytes, tag(answerKey, aad(RESPONSE, requestTag), bytes));
  }

  InnerMessage openAnswer(long sequence, byte[] requestTag, MacMessage answer)
      throws NotAuthenticException, MalformedException {
    // No MAC covers what is unprotected; in an answer nobody would look at it.
    if (answer.kid().isPresent()) {
      throw new MalformedException("unprotected", "expected no kid in an answer");
    }
    byte[] expected = tag(answerKey, aad(RESPONSE, requestTag), answer.payload());
    if (!MessageDigest.isEqual(expected, answer.tag())) {
      throw new NotAuthenticException();
    }
    var in = new CborReader(answer.payload());
    int items = in.array("payload");
    if ((items != ANSWER_ITEMS && items != ANSWER_ITEMS + 1)
        || in.unsigned("sequence") != sequence) {
      throw new MalformedException("payload", "expected the sequence number of the request");
    }
    InnerMessage opened =
        InnerMessage.of(code(in)).withBody(in.bytes("body", SealedMessage.MAX_BYTES));
    InnerMessage complete = items > ANSWER_ITEMS ? opened.withEcho(echo(in)) : opened;
    in.end();
    return complete;
  }

  private byte[] aad(int direction, byte[] requestTag) {
    return new CborWriter()
        .array(4)
        .text(DOMAIN)
        .unsigned(direction)
        .bytes(kid)
        .bytes(requestTag)
        .toByteArray();
  }

  private byte[] tag(byte[] key, byte[] externalAad, byte[] payload) {
    byte[] tag = Hmac.sha256(key, MacMessage.authenticated(externalAad, payload));
    // Asked after the key was used, so that a close meanwhile is seen.
    if (closed) {
      throw new IllegalStateException("this context is closed");
    }
    return tag;
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(requestKey, (byte) 0);
    Arrays.fill(answerKey, (byte) 0);
  }

  @Override
  public String toString() {
    return "MacContext[keys hidden]";
  }
}
