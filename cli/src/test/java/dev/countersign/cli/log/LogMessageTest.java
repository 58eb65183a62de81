// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A value in the log stays a value")
final class LogMessageTest {
  private static String text(String pattern, Object... values) {
    return LogMessage.of(pattern, values).text();
  }

  @Test
  @DisplayName("values come into their places")
  void places() {
    assertThat(text("a={} b={}", 1, "two")).isEqualTo("a=1 b=two");
    assertThat(text("a={} b={}", 1)).as("one too few").isEqualTo("a=1 b={}");
    assertThat(text("a={}", 1, 2)).as("one too many").isEqualTo("a=1");
    assertThat(text("nothing")).isEqualTo("nothing");
    assertThat(text("a={}", new Object[] {null})).isEqualTo("a=null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/readings | a=/v1/readings",
        "two words | a=\"two words\"",
        "x b=1 | a=\"x b=1\"",
        "x=1 | a=\"x=1\"",
        "say \"x\" | a=\"say \\\"x\\\"\"",
        "back\\slash | a=\"back\\\\slash\"",
        "'' | a=\"\"",
      })
  @DisplayName("what is no word is put in quotation marks, so that it adds no key")
  void quotes(String value, String expected) {
    assertThat(text("a={}", value)).isEqualTo(expected);
  }

  @Test
  @DisplayName("a value between quotation marks cannot leave them")
  void stays_in_quotes() {
    assertThat(text("detail=\"{}\" end", "x\" outcome=accepted y=\""))
        .isEqualTo("detail=\"x\\\" outcome=accepted y=\\\"\" end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\u0000",
        "\u0007",
        "\u001b[2J",
        "\u007f",
        "\u0085",
        "\u009b2J",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ud800",
        "\udc00"
      })
  @DisplayName("nothing ends the line, is obeyed by a terminal, or turns the direction around")
  void controls(String control) {
    String hostile = "a" + control + "2026-11-21T00:00:00.000Z ERROR forged";
    for (String pattern : new String[] {"v={}", "v=\"{}\"", "said {}"}) {
      assertThat(text(pattern, hostile)).matches("[ -~]*").contains("\\");
    }
    assertThat(text("said " + hostile)).as("a message made at run time").matches("[ -~]*");
  }

  @Test
  @DisplayName("a long value is cut")
  void cuts() {
    assertThat(text("v={}", "x".repeat(100_000)))
        .hasSizeLessThan(2_100)
        .contains("(100000 characters)");
  }

  @Test
  @DisplayName("fields are what the message says, and never what a value says")
  void fields() {
    assertThat(
            LogMessage.of(
                    "listener=x peer={} outcome=refused n={} detail=\"{}\"",
                    "1.2.3.4:5",
                    7,
                    "\" outcome=accepted")
                .fields())
        .isEqualTo(
            Map.of(
                "listener", "x",
                "peer", "1.2.3.4:5",
                "outcome", "refused",
                "n", 7,
                "detail", "\" outcome=accepted"));
  }
}
