// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar.Flag;
import dev.countersign.protocol.Scalar.Numeric;
import dev.countersign.protocol.Scalar.Text;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Readings in a query string")
final class QueryReadingsTest {
  @Test
  @DisplayName("numbers, flags and texts, with one time for all")
  void reads_query() throws Exception {
    Instant at = Instant.parse("2026-11-21T20:30:00Z");
    assertThat(
            QueryReadings.decode("temperature=21.5&at=2026-11-21T20%3A30:00Z&ok=true&door=closed"))
        .containsExactly(
            new Reading("temperature", new Numeric(21.5), at),
            new Reading("ok", new Flag(true), at),
            new Reading("door", new Text("closed"), at));
  }

  @Test
  @DisplayName("percent-encoded UTF-8, a plus for a blank, an equals sign in a value")
  void decodes_values() throws Exception {
    assertThat(QueryReadings.decode("a=T%C3%BCr+1%2B1&b=x=y&c="))
        .extracting(Reading::value)
        .containsExactly(new Text("Tür 1+1"), new Text("x=y"), new Text(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          ''              | query
          a               | query
          a=1&            | query
          =1              | name
          a=1&a=2         | a
          a=1&%61=2       | a
          at=2026-11-21T20:30:00Z | query
          a=1&at=now      | at
          1a=1            | 1a
          a=%             | query
          a=%4            | query
          a=%zz           | query
          a=%-1           | query
          a=%+1           | query
          a=%ff           | query
          a=%C0%80        | query
          a=%ED%A0%80     | query
          a=ü             | query
          a=9007199254740993 | a
          """)
  @DisplayName("what is wrong names its field")
  void names_field(String query, String field) {
    var refused = catchThrowableOfType(MalformedException.class, () -> QueryReadings.decode(query));
    assertThat(refused).as(query).isNotNull();
    assertThat(refused.field()).isEqualTo(field);
  }

  @Test
  @DisplayName("at most 64 pairs")
  void limits_pairs() throws Exception {
    var query = new StringBuilder("a0=1");
    for (int i = 1; i < 64; i++) {
      query.append("&a").append(i).append("=1");
    }
    assertThat(QueryReadings.decode(query.toString())).hasSize(64);
    assertThat(
            catchThrowableOfType(
                MalformedException.class, () -> QueryReadings.decode(query + "&b=1")))
        .isNotNull();
  }
}
