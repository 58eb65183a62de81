// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.Vectors;
import dev.countersign.protocol.keys.Hkdf;
import dev.countersign.protocol.keys.Hmac;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Of the AEADs those with the lengths of key, nonce and tag that COSE gives them. */
@DisplayName("Wycheproof")
class WycheproofTest {
  private static Stream<JsonNode> groups(String name) {
    return new JsonMapper()
        .readTree(Vectors.file("wycheproof/" + name + "_test.json"))
        .path("testGroups")
        .valueStream();
  }

  private static byte[] hex(JsonNode test, String name) {
    return Hexadecimal.decode(test.path(name).asString());
  }

  private static boolean isValid(JsonNode test) {
    return !test.path("result").asString().equals("invalid");
  }

  private static int run(Stream<JsonNode> groups, ToIntFunction<JsonNode> test) {
    return groups.flatMap(group -> group.path("tests").valueStream()).mapToInt(test).sum();
  }

  private static int aead(SealedAlgorithm algorithm, JsonNode test) {
    byte[] sealed = LostState.join(hex(test, "ct"), hex(test, "tag"));
    if (sealed.length == algorithm.tagBytes()) {
      return 0; // a message always has a code
    }
    String name = test.path("tcId") + " " + test.path("comment").asString();
    byte[] opened = null;
    try {
      opened = Aead.open(algorithm, hex(test, "key"), hex(test, "iv"), hex(test, "aad"), sealed);
    } catch (NotAuthenticException e) {
      assertThat(isValid(test)).as(name).isFalse();
    }
    if (isValid(test)) {
      assertThat(opened).as(name).isEqualTo(hex(test, "msg"));
      assertThat(
              Aead.seal(
                  algorithm, hex(test, "key"), hex(test, "iv"), hex(test, "aad"), hex(test, "msg")))
          .as(name)
          .isEqualTo(sealed);
    } else {
      assertThat(opened).as(name).isNull();
    }
    return 1;
  }

  private static Stream<JsonNode> groups(String name, SealedAlgorithm algorithm) {
    return groups(name)
        .filter(group -> group.path("keySize").asInt() == 8 * algorithm.keyBytes())
        .filter(group -> group.path("ivSize").asInt() == 8 * algorithm.nonceBytes())
        .filter(group -> group.path("tagSize").asInt() == 8 * algorithm.tagBytes());
  }

  @Test
  @DisplayName("AES-CCM with a nonce of 13 bytes and a tag of 16")
  void ccm() {
    assertThat(run(groups("aes_ccm", SealedAlgorithm.CCM), t -> aead(SealedAlgorithm.CCM, t)))
        .isGreaterThan(3);
  }

  @Test
  @DisplayName("ChaCha20/Poly1305")
  void chacha20() {
    assertThat(
            run(
                groups("chacha20_poly1305", SealedAlgorithm.CHACHA20),
                t -> aead(SealedAlgorithm.CHACHA20, t)))
        .isGreaterThan(250);
  }

  @Test
  @DisplayName("HKDF with SHA-256")
  void hkdf() {
    int run =
        run(
            groups("hkdf_sha256"),
            test -> {
              int size = test.path("size").asInt();
              if (!isValid(test)) {
                assertThat(size).as("more than 255 blocks").isGreaterThan(255 * Hmac.BYTES);
                return 1;
              }
              assertThat(Hkdf.derive(hex(test, "salt"), hex(test, "ikm"), hex(test, "info"), size))
                  .as(test.path("tcId").toString())
                  .isEqualTo(hex(test, "okm"));
              return 1;
            });
    assertThat(run).isGreaterThan(80);
  }

  @Test
  @DisplayName("HMAC with SHA-256")
  void hmac() {
    int run =
        run(
            groups("hmac_sha256"),
            test -> {
              byte[] tag = hex(test, "tag");
              byte[] made = Hmac.sha256(hex(test, "key"), hex(test, "msg"));
              assertThat(Arrays.equals(Arrays.copyOf(made, tag.length), tag))
                  .as(test.path("tcId").toString())
                  .isEqualTo(isValid(test));
              return 1;
            });
    assertThat(run).isGreaterThan(170);
  }
}
