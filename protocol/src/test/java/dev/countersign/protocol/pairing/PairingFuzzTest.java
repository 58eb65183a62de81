// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.examples.PairingVectors;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Locale;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class PairingFuzzTest {
  private static void same(byte[] read, byte[] written) {
    if (!Arrays.equals(read, written)) {
      throw new AssertionError("two forms of one thing");
    }
  }

  @FuzzTest
  void parses_code(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    try {
      String written = PairingCode.parse(text).text(SecretAccess.insecure());
      if (!written.equals(text.trim().toUpperCase(Locale.ROOT))) {
        throw new AssertionError("two codes with one content");
      }
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void parses_typed_code(byte[] bytes) {
    try {
      ManualCode.parse(new String(bytes, UTF_8));
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void parses_request(byte[] body) {
    try {
      PairingRequest request = PairingRequest.parse(body);
      request.confirmation();
      request.verify(
          PairingKeys.ofSecret(
              PairingVectors.channelBinding(), PairingVectors.secret(), PairingVectors.hub()));
    } catch (MalformedException | NotAuthenticException e) {
      // The only other answers.
    }
  }

  @FuzzTest
  void decodes_phone_message(byte[] message) {
    try {
      same(message, PhoneMessage.decode(message).encode());
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_hub_message(byte[] message) {
    try {
      same(message, HubMessage.decode(message).encode());
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void parses_shares(byte[] body) {
    try {
      Spake2Group.decode("shareP", Spake2Answer.parseRequest(body));
    } catch (MalformedException e) {
      // The only other answer.
    }
    try {
      same(body, Spake2Answer.parse(body).encode());
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void verifies_succession(byte[] statement) throws GeneralSecurityException {
    try {
      HubSuccession.verify(
          statement, PairingVectors.hub(), PairingVectors.publicKey("succession.oldKey"));
    } catch (MalformedException | NotAuthenticException e) {
      // The only other answers.
    }
  }

  @FuzzTest
  void decodes_successions(byte[] body) {
    try {
      same(body, HubSuccession.encodeAll(HubSuccession.decodeAll(body)));
    } catch (MalformedException e) {
      // The only other answer.
    }
  }
}
