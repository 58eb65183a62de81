// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A relay's signature")
class RelaySignatureTest {
  private static final String MAC =
      "0000000000000000000000000000000000000000000000000000000000000000";

  /** As docs/protocol.md shows it. */
  private static RelaySecret example() {
    var bytes = new byte[RelaySecret.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return RelaySecret.wrap(bytes);
  }

  @Test
  @DisplayName("the example of docs/protocol.md comes out")
  void has_a_vector() {
    String body = "{\"o\":\"o1.AA.AA\"}";
    assertThat(TestRelays.signature(example(), 1_764_000_000L, "d-1", "/hook/particle", body))
        .isEqualTo(
            "t=1764000000,id=d-1,v1=0e1953d188d149fac68964ceee920980fe9965bd3cd09c6ab64f522f90bb3520");
  }

  @Test
  @DisplayName("the secret is its text: crs1. and base64url")
  void has_a_text() {
    assertThat(TestRelays.bearer(example()))
        .isEqualTo(
            "Bearer crs1."
                + Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(example().bytes(SecretAccess.insecure())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "t=1,id=a",
        "t=01,id=a,v1=" + MAC,
        "t=-1,id=a,v1=" + MAC,
        "t=1,id=,v1=" + MAC,
        "t=1,id=a.b,v1=" + MAC,
        "t=1, id=a,v1=" + MAC,
        "id=a,t=1,v1=" + MAC,
        "t=1,id=a,v1=" + MAC + "0",
        "t=1,id=a,v1=" + MAC + ",v2=" + MAC,
        "T=1,id=a,v1=" + MAC,
        "t=1,id=a,v1=A000000000000000000000000000000000000000000000000000000000000000",
        "t=1000000000000,id=a,v1=" + MAC,
      })
  @DisplayName("has one form")
  void refuses_other_forms(String header) {
    assertThat(RelaySignature.parse(header)).isEmpty();
  }

  @Property
  @Label("what is written is read")
  void round_trips(
      @ForAll @LongRange(min = 0, max = 999_999_999_999L) long seconds,
      @ForAll("deliveries") String delivery) {
    var written = new RelaySignature(seconds, delivery, new byte[32]);
    RelaySignature read = RelaySignature.parse(written.value()).orElseThrow();
    assertThat(read.value()).isEqualTo(written.value());
  }

  @Property
  @Label("one changed character of the header, path or body is found out")
  void finds_changes(
      @ForAll("deliveries") String delivery,
      @ForAll String body,
      @ForAll @IntRange(min = 0, max = 200) int place,
      @ForAll @IntRange(min = 1, max = 127) int flip) {
    var relays = new TestRelays();
    RelaySecret secret = relays.add("alpha", RelayMode.SIGNED);
    String header = relays.sign(secret, "alpha", delivery, body);
    char[] changed = header.toCharArray();
    int at = place % changed.length;
    changed[at] = (char) (changed[at] ^ flip);
    assertThat(relays.gate.judge(TestRelays.signed("alpha", new String(changed), body)))
        .isInstanceOf(RelayVerdict.Refused.class);
    assertThat(relays.gate.judge(TestRelays.signed("alpha", header, body + "x")))
        .isInstanceOf(RelayVerdict.Refused.class);
    assertThat(relays.gate.judge(TestRelays.signed("alpha", header, body)))
        .isInstanceOf(RelayVerdict.Admitted.class);
  }

  @Property
  @Label("no two deliveries are signed over the same text")
  void is_unambiguous(
      @ForAll @LongRange(min = 0, max = 99) long one,
      @ForAll @LongRange(min = 0, max = 99) long other,
      @ForAll("deliveries") String first,
      @ForAll("deliveries") String second,
      @ForAll String path,
      @ForAll String otherPath) {
    Sha256 body = Sha256.of("x".getBytes(UTF_8));
    Assume.that(
        !new String(path.getBytes(UTF_8), UTF_8)
                .equals(new String(otherPath.getBytes(UTF_8), UTF_8))
            || one != other
            || !first.equals(second));
    assertThat(RelaySignature.signed(one, first, path, body))
        .isNotEqualTo(RelaySignature.signed(other, second, otherPath, body));
  }

  @Provide
  static Arbitrary<String> deliveries() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .withCharRange('0', '9')
        .withChars('_', '-')
        .ofMinLength(1)
        .ofMaxLength(64);
  }
}
