// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is inside a seal: code, CoAP options, body (RFC 8613 §5.3). Immutable.
 *
 * <p>Its plaintext is {@code code(1) ‖ options ‖ [FF ‖ body]}, with options as in RFC 7252 §3.1.
 */
public final class InnerMessage {
  /** CBOR (RFC 7252 §12.3). */
  public static final int CBOR = 60;

  /** SenML in CBOR (RFC 8428 §12.3). */
  public static final int SENML_CBOR = 112;

  /** Certificates in PKCS #7 (RFC 9148 §9.1). */
  public static final int PKCS7_CERTIFICATES = 281;

  /** A certificate request (RFC 9148 §9.1). */
  public static final int PKCS10 = 286;

  /** More than any message has; each costs work. */
  private static final int MAX_OPTIONS = 32;

  /** RFC 7252 table 4 allows 255 for Uri-Path and Uri-Query. */
  private static final int MAX_OPTION_BYTES = 255;

  private static final int PAYLOAD_MARKER = 0xff;
  private static final int ONE_MORE_BYTE = 13;
  private static final int TWO_MORE_BYTES = 14;
  private static final int TWO_BYTES_FROM = 269;

  /** RFC 7252 §12.2: the registry ends here. */
  private static final int MAX_OPTION_NUMBER = 65_535;

  /** RFC 7252 §5.4.5: critical, and of no use twice. */
  private static final List<Integer> ONCE = List.of(InnerOption.BLOCK1, InnerOption.BLOCK2);

  /** RFC 7252 §5.4.6: odd numbers are critical, and what is critical and unknown is refused. */
  private static final List<Integer> KNOWN_CRITICAL =
      List.of(InnerOption.URI_PATH, InnerOption.URI_QUERY, InnerOption.BLOCK1, InnerOption.BLOCK2);

  private final int code;
  private final List<InnerOption> options;
  private final byte[] body;

  private InnerMessage(int code, List<InnerOption> options, byte[] body) {
    this.code = code;
    this.options = options;
    this.body = body;
  }

  /** A message with this code and nothing else. */
  public static InnerMessage of(int code) {
    return new InnerMessage(code, List.of(), new byte[0]);
  }

  /**
   * A request.
   *
   * @param path as {@code s} or {@code est/sen}
   */
  public static InnerMessage request(int code, String path) {
    InnerMessage message = of(code);
    for (String segment : path.split("/", -1)) {
      message = message.with(InnerOption.URI_PATH, segment.getBytes(UTF_8));
    }
    return message;
  }

  /**
   * A request.
   *
   * @param target as {@code s?v=12&w=1}
   */
  public static InnerMessage requestTo(int code, String target) {
    int question = target.indexOf('?');
    if (question < 0) {
      return request(code, target);
    }
    InnerMessage message = request(code, target.substring(0, question));
    for (String part : target.substring(question + 1).split("&", -1)) {
      message = message.withQuery(part);
    }
    return message;
  }

  /** The same message with one option more. */
  InnerMessage with(int number, byte[] value) {
    if (value.length > MAX_OPTION_BYTES) {
      throw new IllegalArgumentException("expected at most 255 bytes in option " + number);
    }
    var more = new ArrayList<>(options);
    more.add(new InnerOption(number, value.clone()));
    // Stable: options of one number keep their order, which is that of a path.
    more.sort(Comparator.comparingInt(InnerOption::number));
    return new InnerMessage(code, Collections.unmodifiableList(more), body);
  }

  /** The same message with another query, {@code name=value}. */
  public InnerMessage withQuery(String query) {
    return with(InnerOption.URI_QUERY, query.getBytes(UTF_8));
  }

  public InnerMessage withEcho(byte[] echo) {
    return with(InnerOption.ECHO, echo);
  }

  /** The same message with an ETag: the version of what it carries, in 1 to 8 bytes. */
  public InnerMessage withEtag(long version) {
    // RFC 7252 §5.10.6: unlike a number, it is never empty.
    return with(InnerOption.ETAG, version == 0 ? new byte[1] : unsigned(version));
  }

  public InnerMessage withContentFormat(int format) {
    return with(InnerOption.CONTENT_FORMAT, unsigned(format));
  }

  public InnerMessage withBlock1(Block block) {
    return with(InnerOption.BLOCK1, block.encode());
  }

  public InnerMessage withBlock2(Block block) {
    return with(InnerOption.BLOCK2, block.encode());
  }

  public InnerMessage withRequestTag(byte[] tag) {
    return with(InnerOption.REQUEST_TAG, tag);
  }

  /** The same message with this body. */
  public InnerMessage withBody(byte[] content) {
    return new InnerMessage(code, options, content.clone());
  }

  /** RFC 7252 §3.2: without leading zeros. */
  static byte[] unsigned(long number) {
    int length = (Long.SIZE - Long.numberOfLeadingZeros(number) + 7) / 8;
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (number >>> (8 * (length - 1 - i)));
    }
    return bytes;
  }

  /** Reads a plaintext. */
  public static InnerMessage decode(byte[] plaintext) throws MalformedException {
    var in = new InnerReader(plaintext);
    int code = in.next("code");
    var options = new ArrayList<InnerOption>();
    int number = 0;
    while (in.hasMore()) {
      int head = in.next("option");
      if (head == PAYLOAD_MARKER) {
        byte[] body = in.rest();
        // RFC 7252 §3: a marker without a payload is a format error.
        if (body.length == 0) {
          throw new MalformedException("body", "expected bytes after the payload marker");
        }
        return checked(code, options, body);
      }
      number += in.extended(head >> 4);
      int length = in.extended(head & 15);
      if (options.size() == MAX_OPTIONS || length > MAX_OPTION_BYTES) {
        throw new MalformedException("option", "expected at most 32 options of at most 255 bytes");
      } else if (number > MAX_OPTION_NUMBER) {
        throw new MalformedException("option", "expected an option number of 16 bits");
      }
      options.add(new InnerOption(number, in.bytes(length)));
    }
    return checked(code, options, new byte[0]);
  }

  private static InnerMessage checked(int code, List<InnerOption> options, byte[] body)
      throws MalformedException {
    int previous = 0;
    for (InnerOption option : options) {
      if (option.number() % 2 == 1 && !KNOWN_CRITICAL.contains(option.number())) {
        throw new MalformedException("option", "expected no critical option " + option.number());
      } else if (option.number() == previous && ONCE.contains(previous)) {
        throw new MalformedException("option", "expected option " + previous + " once");
      }
      previous = option.number();
    }
    return new InnerMessage(code, List.copyOf(options), body);
  }

  /** The plaintext. */
  public byte[] encode() {
    var out = new ByteArrayOutputStream();
    out.write(code);
    int number = 0;
    for (InnerOption option : options) {
      int delta = option.number() - number;
      int length = option.value().length;
      out.write(nibble(delta) << 4 | nibble(length));
      extend(out, delta);
      extend(out, length);
      out.write(option.value(), 0, length);
      number = option.number();
    }
    if (body.length > 0) {
      out.write(PAYLOAD_MARKER);
      out.write(body, 0, body.length);
    }
    return out.toByteArray();
  }

  private static int nibble(int value) {
    return value < ONE_MORE_BYTE ? value : value < TWO_BYTES_FROM ? ONE_MORE_BYTE : TWO_MORE_BYTES;
  }

  private static void extend(ByteArrayOutputStream out, int value) {
    if (value >= TWO_BYTES_FROM) {
      out.write((value - TWO_BYTES_FROM) >> 8);
      out.write(value - TWO_BYTES_FROM);
    } else if (value >= ONE_MORE_BYTE) {
      out.write(value - ONE_MORE_BYTE);
    }
  }

  /** One of {@link CoapCode}, or any other byte. */
  public int code() {
    return code;
  }

  public byte[] body() {
    return body.clone();
  }

  /** Its segments, as {@code est/sen}. */
  public String path() throws MalformedException {
    return joined(InnerOption.URI_PATH, "/", "path");
  }

  /** Its parts, as {@code v=12&w=1}; empty for none. */
  public String query() throws MalformedException {
    return joined(InnerOption.URI_QUERY, "&", "query");
  }

  private String joined(int number, String separator, String field) throws MalformedException {
    var joined = new StringBuilder();
    for (InnerOption option : options) {
      if (option.number() == number) {
        joined.append(joined.length() == 0 ? "" : separator).append(text(option.value(), field));
      }
    }
    return joined.toString();
  }

  private static String text(byte[] value, String field) throws MalformedException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException(field, "expected UTF-8", e);
    }
  }

  public Optional<byte[]> echo() {
    return first(InnerOption.ECHO);
  }

  /** What the body is (RFC 7252 §12.3); empty if that is not said. */
  public OptionalLong contentFormat() {
    Optional<byte[]> value = first(InnerOption.CONTENT_FORMAT);
    if (!value.isPresent() || value.get().length > Short.BYTES) {
      return OptionalLong.empty();
    }
    long number = 0;
    for (byte b : value.get()) {
      number = number << 8 | (b & 0xff);
    }
    return OptionalLong.of(number);
  }

  public Optional<byte[]> requestTag() {
    return first(InnerOption.REQUEST_TAG);
  }

  public Optional<byte[]> etag() {
    return first(InnerOption.ETAG);
  }

  public Optional<Block> block1() throws MalformedException {
    return block(InnerOption.BLOCK1);
  }

  public Optional<Block> block2() throws MalformedException {
    return block(InnerOption.BLOCK2);
  }

  private Optional<Block> block(int number) throws MalformedException {
    Optional<byte[]> value = first(number);
    return value.isPresent() ? Optional.of(Block.decode(value.get())) : Optional.empty();
  }

  private Optional<byte[]> first(int number) {
    return options.stream()
        .filter(option -> option.number() == number)
        .findFirst()
        .map(option -> option.value().clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InnerMessage that
        && code == that.code
        && options.equals(that.options)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * code + options.hashCode()) + Arrays.hashCode(body);
  }

  /** Says nothing of what it carries. */
  @Override
  public String toString() {
    return "InnerMessage[" + CoapCode.text(code) + ", " + body.length + " bytes]";
  }
}
