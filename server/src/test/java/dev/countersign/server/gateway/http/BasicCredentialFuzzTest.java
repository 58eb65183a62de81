// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.server.credentials.CredentialRefusedException;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class BasicCredentialFuzzTest {
  @FuzzTest
  void parses_header(byte[] header) {
    try {
      BasicCredential.parse(new String(header, ISO_8859_1));
    } catch (CredentialRefusedException e) {
      // The only other answer.
    }
  }
}
