// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

@Label("The estimate of a secret's strength")
class SecretStrengthPropertyTest {
  private static int bits(String secret) {
    return SecretStrength.bits(secret.getBytes(US_ASCII));
  }

  @Property
  @Label("is never below nothing or above what the characters can hold")
  void stays_in_bounds(
      @ForAll @StringLength(min = 1, max = 256) @CharRange(from = '!', to = '~') String s) {
    assertThat(bits(s)).isBetween(0, (int) Math.ceil(s.length() * Math.log(95) / Math.log(2)));
  }

  @Property
  @Label("hardly grows when a text is repeated")
  void sees_repetition(
      @ForAll @StringLength(min = 5, max = 12) @CharRange(from = '!', to = '~') String part,
      @ForAll @IntRange(min = 2, max = 12) int times) {
    assertThat(bits(part.repeat(times))).isLessThan(7 * part.length() + part.length() * times + 1);
  }

  @Property
  @Label("is low for whatever is drawn from two characters")
  void sees_few_characters(@ForAll @StringLength(50) @CharRange(from = 'a', to = 'b') String s) {
    assertThat(bits(s)).isLessThan(SecretCheck.MIN_BITS);
  }
}
