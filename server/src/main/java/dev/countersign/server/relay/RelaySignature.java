// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.Sha256;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header field {@code Countersign-Relay} of a signed delivery (docs/protocol.md, Relay
 * accounts).
 *
 * <p>Signed is {@code t "." id "." path "." sha256}, with t in decimal as it stands in the header,
 * the path of the request as it was sent without a query, and the body's SHA-256 in 64 lower-case
 * hexadecimal digits. Neither t nor id can hold a dot and the digest has one length, so that no two
 * deliveries make the same text.
 *
 * @param seconds since 1970, when it was signed
 * @param delivery the relay's number of this delivery: the same for each try
 * @param mac 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // made, compared once, and gone
record RelaySignature(long seconds, String delivery, byte[] mac) {
  /** Case does not matter in the name of a header field. */
  static final String HEADER = "Countersign-Relay";

  /** One form alone: no spaces, no other order, nothing more. */
  private static final Pattern FORM =
      Pattern.compile("t=(0|[1-9][0-9]{0,11}),id=([A-Za-z0-9_-]{1,64}),v1=([0-9a-f]{64})");

  /** Reads the value of the header field; empty if it has not the one form. */
  static Optional<RelaySignature> parse(String value) {
    Matcher matcher = FORM.matcher(value);
    return matcher.matches()
        ? Optional.of(
            new RelaySignature(
                Long.parseLong(matcher.group(1)),
                matcher.group(2),
                Hexadecimal.decode(matcher.group(3))))
        : Optional.empty();
  }

  /** The value of the header field. */
  String value() {
    return "t=" + seconds + ",id=" + delivery + ",v1=" + Hexadecimal.encode(mac);
  }

  /** What the HMAC is made over. */
  static byte[] signed(long seconds, String delivery, String path, Sha256 body) {
    return (seconds + "." + delivery + "." + path + "." + body.hex()).getBytes(UTF_8);
  }
}
