// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Secrets that are none are refused [A6, B16]")
class SecretCheckTest {
  private static final DeviceSerial SERIAL = new DeviceSerial("P1-00042187");
  private static final String GOOD = "vT3nXq8ZkLw2RbYc7HsJmP5dGfA9eUoQ1iNxKzBtWrVyDhCj6S";

  private static Optional<String> problem(String secret) throws MalformedException {
    return SecretCheck.problem(ClearSecret.parse(secret), SERIAL);
  }

  private static void assertRefused(String secret, String why) throws MalformedException {
    assertThat(problem(secret))
        .hasValueSatisfying(reason -> assertThat(reason).contains(why).doesNotContain(secret));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwx",
        "12345678901234567890123456789012345678901234567890",
        "zyxwvutsrqponmlkjihgfedcbazyxwvutsrqponmlkjihgfedc",
        "passwordpasswordpasswordpasswordpasswordpassword12",
        "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvb",
        "QWERTZUIOPASDFGHJKLYXCVBNMqwertzuiopasdfghjklyxcvb",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p1qaz2wsx3edc4r",
        "000102030405060708090a0b0c0d0e0f",
        "00112233445566778899aabbccddeeff",
        "01010110100101101001011010010110100101101001011010",
        "4711081500004711081500004711081500004711",
        "hunter2hunter2hunter2",
        "31415926535897932384626433832795028"
      })
  @DisplayName("what is easy to guess, however long it is")
  void refuses_weak(String weak) throws MalformedException {
    assertRefused(weak, "too easy to guess: expected at least 128 bits");
  }

  @Test
  @DisplayName("what is too short to hold 128 bits, without counting further")
  void refuses_short() {
    assertThatThrownBy(() -> ClearSecret.parse("S3cret-of-19-chars!"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("expected 20 to 256 characters, got 19")
        .hasMessageNotContaining("S3cret");
    assertThatThrownBy(() -> ClearSecret.parse("with blanks in it, which a list might trim"))
        .isInstanceOf(MalformedException.class)
        .hasMessageNotContaining("blanks in it");
  }

  @Test
  @DisplayName("random secrets of 50 letters and digits, of 32 hexadecimal digits, of Base64")
  void takes_good_ones() throws MalformedException {
    assertThat(problem(GOOD)).isEmpty();
    assertThat(problem("9f3c71e08b46d2a4c75512ef0a83bd96")).isEmpty();
    assertThat(problem("n3Jq-8_ZkLw2RbYc7HsJmA")).isEmpty();
    for (int i = 0; i < 2000; i++) {
      assertThat(SecretCheck.problem(ClearSecret.generate(new SecureRandom()), SERIAL)).isEmpty();
    }
  }

  @Test
  @DisplayName("at exactly 128 random bits, about one in a thousand is refused, not more")
  void seldom_refuses_hex() throws MalformedException {
    var random = new SecureRandom();
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      var bytes = new byte[16];
      random.nextBytes(bytes);
      refused += problem(Hexadecimal.encode(bytes)).isPresent() ? 1 : 0;
    }
    // 40 of 2000 with a chance of 1 in 1000 each would be 10 standard deviations off.
    assertThat(refused).isLessThan(40);
  }

  @Test
  @DisplayName("what is the serial, or contains it in any of the usual forms")
  void refuses_serial() throws MalformedException {
    String padding = GOOD.substring(0, 30);
    assertRefused(padding + "P1-00042187", "made from the serial");
    assertRefused("p100042187" + padding, "made from the serial");
    assertRefused(padding + "78124000-1P", "made from the serial");
    assertRefused(
        padding + Hexadecimal.encode("P1-00042187".getBytes(US_ASCII)), "made from the serial");
    assertRefused(
        Base64.getEncoder().encodeToString("P1-00042187".getBytes(US_ASCII)) + padding,
        "made from the serial");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "SHA-1", "SHA-256", "SHA-512"})
  @DisplayName("digests of the serial in hexadecimal and Base64, whole or cut")
  void refuses_digests(String algorithm) throws Exception {
    for (String input :
        new String[] {"P1-00042187", "p1-00042187", "P100042187", "P1-00042187\n"}) {
      byte[] digest = MessageDigest.getInstance(algorithm).digest(input.getBytes(US_ASCII));
      String hex = Hexadecimal.encode(digest);
      assertRefused(hex, "made from the serial");
      assertRefused(hex.toUpperCase(Locale.ROOT).substring(0, 32), "made from the serial");
      assertRefused(Base64.getEncoder().encodeToString(digest), "made from the serial");
      assertRefused(
          Base64.getUrlEncoder().withoutPadding().encodeToString(digest), "made from the serial");
    }
  }

  @Test
  @DisplayName("MACs of the serial under a key that everyone would try")
  void refuses_macs() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("secret".getBytes(US_ASCII), "HmacSHA256"));
    assertRefused(
        Hexadecimal.encode(mac.doFinal("P1-00042187".getBytes(US_ASCII))), "made from the serial");
  }

  @Test
  @DisplayName("published ones, the examples of our own documents first")
  void refuses_published() throws MalformedException {
    assertRefused("kP7vQ2mZx9LrT4nWc8YbH3sDf6GjA1eUo5iRqXtVwMzN0yBhKu", "published");
    assertRefused("2B7E151628AED2A6ABF7158809CF4F3C", "published");
  }

  @Test
  @DisplayName("those that are counted up, wherever in them the counter is")
  void refuses_counters() throws MalformedException {
    for (int at : new int[] {0, 12, 21, 25, 40, 46}) {
      var check = new SecretCheck();
      String first = GOOD.substring(0, at) + "0998" + GOOD.substring(at + 4);
      String second = GOOD.substring(0, at) + "1003" + GOOD.substring(at + 4);
      assertThat(check.problem(ClearSecret.parse(first), SERIAL, 2)).isEmpty();
      assertThat(check.problem(ClearSecret.parse(second), SERIAL, 3))
          .hasValueSatisfying(reason ->
              assertThat(reason)
                  .contains("the same as that on line 2")
                  .doesNotContain(first, second));
    }
  }

  @Test
  @DisplayName("independent ones are no counters")
  void takes_independent_ones() throws MalformedException {
    var check = new SecretCheck();
    var random = new SecureRandom();
    for (int line = 2; line < 5000; line++) {
      assertThat(check.problem(ClearSecret.generate(random), SERIAL, line)).isEmpty();
    }
  }
}
