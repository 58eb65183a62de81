// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.est;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class EstFuzzTest {
  @FuzzTest
  void decodes_body(byte[] body) {
    try {
      EstBody.decode(body);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_certs_only(byte[] der) {
    try {
      CertsOnly.decode(der);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void parses_token(byte[] text) {
    String token = new String(text, UTF_8);
    try {
      if (!EnrolmentToken.parse(token).text(SecretAccess.insecure()).equals(token)) {
        throw new AssertionError("one token has two texts");
      }
    } catch (MalformedException e) {
      // The only other answer.
    }
  }
}
