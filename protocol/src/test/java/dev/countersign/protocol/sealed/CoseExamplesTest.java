// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Vectors;
import dev.countersign.protocol.keys.Hmac;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The examples of the COSE working group. Ours are untagged, and name HMAC 256/256 in the protected
 * header alone: what an example has otherwise is refused, though another profile may take it.
 */
@DisplayName("COSE_Mac0 of the working group (RFC 9052 §6.2)")
class CoseExamplesTest {
  private static final int COSE_MAC0_TAG = 0xd1;
  private static final Set<String> OURS =
      Set.of("mac0-tests-HMac-01.json", "hmac-examples-HMac-enc-01.json");

  private static byte[] hex(JsonNode node) {
    return Hexadecimal.decode(node.asString().toLowerCase(Locale.ROOT));
  }

  private static byte[] untagged(byte[] message) {
    return (message[0] & 0xff) == COSE_MAC0_TAG
        ? Arrays.copyOfRange(message, 1, message.length)
        : message;
  }

  private static boolean verifies(JsonNode example) {
    try {
      MacMessage message = MacMessage.decode(untagged(hex(example.path("output").path("cbor"))));
      byte[] authenticated = MacMessage.authenticated(new byte[0], message.payload());
      byte[] key = hex(example.path("intermediates").path("CEK_hex"));
      return Arrays.equals(Hmac.sha256(key, authenticated), message.tag());
    } catch (MalformedException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mac0-tests-HMac-01.json",
        "mac0-tests-mac-fail-01.json", // another tag of CBOR
        "mac0-tests-mac-fail-02.json", // a changed MAC
        "mac0-tests-mac-fail-03.json", // an unknown algorithm
        "mac0-tests-mac-fail-04.json",
        "mac0-tests-mac-fail-06.json", // a protected header added
        "mac0-tests-mac-fail-07.json", // one taken away
        "mac0-tests-mac-pass-01.json", // the algorithm unprotected
        "mac0-tests-mac-pass-02.json",
        "mac0-tests-mac-pass-03.json",
        "hmac-examples-HMac-enc-01.json",
        "hmac-examples-HMac-enc-02.json", // other HMACs
        "hmac-examples-HMac-enc-03.json",
        "hmac-examples-HMac-enc-04.json",
        "hmac-examples-HMac-enc-05.json",
        "hmac-examples-HMac-01.json", // COSE_Mac, with recipients
        "hmac-examples-HMac-05.json",
      })
  @DisplayName("those of HMAC 256/256 verify, and all others do not")
  void examples(String name) {
    JsonNode example = new JsonMapper().readTree(Vectors.file("cose/" + name));
    assertThat(verifies(example)).isEqualTo(OURS.contains(name));
    if (OURS.contains(name)) {
      assertThat(
              MacMessage.authenticated(
                  new byte[0],
                  example.path("input").path("plaintext").asString().getBytes(US_ASCII)))
          .isEqualTo(hex(example.path("intermediates").path("ToMac_hex")));
    }
  }
}
