// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Readings as JSON that are wrong in one way each, and in ever other places. */
final class MalformedReadings {
  private static final List<String> BAD_VALUES =
      List.of(
          "tru",
          "NaN",
          "Infinity",
          "-",
          "01",
          "+1",
          ".5",
          "1.",
          "0x10",
          "1e999",
          "1e",
          "null",
          "{}",
          "[]",
          "{\"a\":1}",
          "[1]",
          "'text'",
          "\"open",
          "\"\\q\"",
          "\"\\u12G4\"",
          "\"line\nfeed\"",
          "\"\u0000\"",
          "undefined",
          "1,",
          "/*1*/",
          "");
  private static final List<String> BAD_NAMES =
      List.of(
          "7", "a b", "", "-a", "ä", "a\"b", "a\\u0000", "a/b", "\u0007", "a".repeat(65), "a=b");

  private final Random random;

  MalformedReadings(long seed) {
    this.random = new Random(seed);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String name() {
    return "n" + Integer.toString(random.nextInt(1_000_000), 36);
  }

  private String value() {
    return switch (random.nextInt(4)) {
      case 0 -> Integer.toString(random.nextInt());
      case 1 -> Double.toString(random.nextGaussian());
      case 2 -> Boolean.toString(random.nextBoolean());
      default -> "\"" + name() + "\"";
    };
  }

  private List<String> members() {
    var members = new ArrayList<String>();
    for (int i = 0, n = 1 + random.nextInt(5); i < n; i++) {
      members.add("\"" + name() + i + "\":" + value());
    }
    return members;
  }

  private static String object(List<String> members) {
    return "{" + String.join(",", members) + "}";
  }

  private String withOneMore(String member) {
    List<String> members = members();
    members.add(random.nextInt(members.size() + 1), member);
    return object(members);
  }

  /** The next one, as bytes, since not all of them are text. */
  byte[] next() {
    String good = object(members());
    String body =
        switch (random.nextInt(12)) {
          case 0 -> good.substring(0, 1 + random.nextInt(good.length() - 1));
          case 1 -> good + any(List.of("{}", "x", "}", "]", ",", good, "\"", "0"));
          case 2 -> withOneMore("\"v\":" + any(BAD_VALUES));
          case 3 -> withOneMore("\"" + any(BAD_NAMES) + "\":1");
          case 4 -> withOneMore(any(List.of("v:1", "'v':1", "\"v\"", "\"v\" 1", "\"v\"=1", "")));
          case 5 -> withOneMore("\"v\":1,\"v\":" + value());
          case 6 -> good.replaceFirst("\\{", any(List.of("[", "(", "{{", "{,", "<")));
          case 7 -> good.substring(0, good.length() - 1) + any(List.of(",}", "]", ")", "}}", ";"));
          case 8 -> any(List.of("7", "\"text\"", "true", "null", "[]", "[7]", "[[]]", "{}", " "));
          case 9 -> "[".repeat(1 + random.nextInt(5000)) + good;
          case 10 -> "{\"a\":".repeat(2 + random.nextInt(3000)) + "1";
          default -> good.replaceFirst(":", any(List.of(";", "::", " ", ",", "=>")));
        };
    return body.getBytes(UTF_8);
  }
}
