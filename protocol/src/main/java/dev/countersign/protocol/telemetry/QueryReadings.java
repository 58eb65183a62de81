// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Readings in a query string (ours), for devices that can only GET: {@code
 * temperature=21.5&door=closed}. Only ever taken on a mutually authenticated connection, and never
 * logged.
 */
public final class QueryReadings {
  /** A URL is short; a device with more to say can send it in two. */
  private static final int MAX_PAIRS = 64;

  private static final char DEL = '\u007f';

  private QueryReadings() {}

  /**
   * Reads a query of at least one reading.
   *
   * @param rawQuery what stands behind the question mark, still percent-encoded
   */
  public static List<Reading> decode(String rawQuery) throws MalformedException {
    var readings = new ArrayList<Reading>();
    var names = new HashSet<String>();
    Instant at = null;
    String[] pairs = rawQuery.split("&", -1);
    if (pairs.length > MAX_PAIRS) {
      throw new MalformedException("query", "expected at most " + MAX_PAIRS + " readings");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new MalformedException("query", "expected name=value pairs joined by &");
      }
      String name = decoded(pair.substring(0, equals));
      String value = decoded(pair.substring(equals + 1));
      if (!names.add(name)) {
        throw new MalformedException(Reading.shown(name), "expected once, got it twice");
      }
      if (name.equals("at")) {
        at = JsonReadings.instant(value);
      } else {
        Reading.checkName(name);
        readings.add(new Reading(name, Scalar.parse(name, value), null));
      }
    }
    if (readings.isEmpty()) {
      throw new MalformedException("query", "expected at least one reading");
    }
    Instant measuredAt = at;
    readings.replaceAll(r -> new Reading(r.name(), r.value(), measuredAt));
    return List.copyOf(readings);
  }

  /** Percent-decoding of UTF-8 (RFC 3986 §2.1), with + for a blank as forms write it. */
  private static String decoded(String text) throws MalformedException {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(octet(text, i + 1));
        i += 2;
      } else {
        // RFC 3986 §2: a URI is ASCII; what is not has been encoded.
        if (c <= ' ' || c >= DEL) {
          throw new MalformedException("query", "expected other characters percent-encoded");
        }
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("query", "expected percent-encoded UTF-8", e);
    }
  }

  private static int octet(String text, int at) throws MalformedException {
    int high = at + 2 > text.length() ? -1 : Hexadecimal.digit(text.charAt(at));
    int low = high < 0 ? -1 : Hexadecimal.digit(text.charAt(at + 1));
    if (low < 0) {
      throw new MalformedException("query", "expected two hexadecimal digits behind each %");
    }
    return high << 4 | low;
  }
}
