// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.cbor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class CborFuzzTest {
  @FuzzTest
  void skips(byte[] body) {
    try {
      var reader = new CborReader(body);
      reader.skip("item", 8);
      reader.end();
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void reads(byte[] body) {
    try {
      var reader = new CborReader(body);
      for (int items = reader.isArray() ? reader.array("items") : 1; items > 0; items--) {
        if (reader.isBytes()) {
          reader.bytes("bytes", 64);
        } else if (!reader.nil()) {
          reader.scalar("item");
        }
      }
      reader.end();
    } catch (MalformedException e) {
      // The only other answer.
    }
  }
}
