// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class RelaySignatureFuzzTest {
  @FuzzTest
  void parses_header(byte[] header) {
    String text = new String(header, ISO_8859_1);
    RelaySignature.parse(text)
        .ifPresent(signature -> {
          if (!signature.value().equals(text)) {
            throw new AssertionError("two forms of one signature");
          }
        });
  }
}
