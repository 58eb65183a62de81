// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class HookBodyFuzzTest {
  @FuzzTest
  void parses_document(byte[] body) {
    try {
      if (HookBody.parse(body, "data.o").token().isEmpty()) {
        throw new AssertionError("a token of nothing");
      }
    } catch (MalformedException e) {
      // The only other answer.
    }
  }
}
