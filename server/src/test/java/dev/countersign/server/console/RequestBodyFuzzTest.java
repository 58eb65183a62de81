// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class RequestBodyFuzzTest {
  @FuzzTest
  void parses_body(byte[] body) {
    try {
      RequestBody.parse(body, "serial", "model", "reason");
    } catch (MalformedException e) {
      // The only other answer.
    }
  }
}
