// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bodies of all pairing messages: a CBOR array of byte strings, in its only form. */
final class ByteStrings {
  /** What a hub reads, and a phone. */
  static final int MAX_BODY_BYTES = 16 * 1024;

  private ByteStrings() {}

  static byte[] encode(List<byte[]> strings) {
    var out = new CborWriter().array(strings.size());
    strings.forEach(out::bytes);
    return out.toByteArray();
  }

  /**
   * Reads one.
   *
   * @param fields what the strings are called, in order
   * @param optional how many of the last may be missing
   */
  static List<byte[]> decode(byte[] body, List<String> fields, int optional)
      throws MalformedException {
    if (body.length > MAX_BODY_BYTES) {
      throw new MalformedException("body", "expected at most " + MAX_BODY_BYTES + " bytes");
    }
    var in = new CborReader(body);
    int count = in.array("body");
    if (count > fields.size() || count < fields.size() - optional) {
      throw new MalformedException("body", "expected an array of " + String.join(", ", fields));
    }
    var strings = new ArrayList<byte[]>();
    for (String field : fields.subList(0, count)) {
      strings.add(in.bytes(field, MAX_BODY_BYTES));
    }
    in.end();
    requireOnlyForm("body", body, encode(strings));
    return strings;
  }

  /** RFC 8949 §4.2.1: what has another form than ours was not made by these rules. */
  static void requireOnlyForm(String field, byte[] read, byte[] written) throws MalformedException {
    if (!Arrays.equals(read, written)) {
      throw new MalformedException(field, "expected the shortest form of CBOR");
    }
  }

  static byte[] exactly(String field, int bytes, byte[] string) throws MalformedException {
    if (string.length != bytes) {
      throw new MalformedException(field, "expected " + bytes + " bytes, got " + string.length);
    }
    return string;
  }
}
