// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Secrets that everyone knows because they stand in a specification, a manual or an example. They
 * look random, and are copied for that.
 */
final class PublishedSecrets {
  private static final List<String> TEXTS =
      List.of(
          // The worked examples of docs/protocol.md.
          "kP7vQ2mZx9LrT4nWc8YbH3sDf6GjA1eUo5iRqXtVwMzN0yBhKu",
          // RFC 8613 Appendix C: master secret, with and without the salt.
          "0102030405060708090a0b0c0d0e0f10",
          "0102030405060708090a0b0c0d0e0f109e7ca92223786340",
          // RFC 5869 Appendix A.
          "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
          // RFC 8448 and NIST SP 800-38A: keys of the examples.
          "2b7e151628aed2a6abf7158809cf4f3c",
          "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
          // RFC 7515 A.1: the HMAC key of the JWS example.
          "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");

  private PublishedSecrets() {}

  static boolean contains(byte[] secret) {
    String text = new String(secret, US_ASCII);
    return TEXTS.stream()
        .anyMatch(known ->
            text.equals(known) || (isHex(known) && text.toLowerCase(Locale.ROOT).equals(known)));
  }

  private static boolean isHex(String text) {
    return Arrays.stream(text.split("")).allMatch(c -> Character.digit(c.charAt(0), 16) >= 0);
  }
}
