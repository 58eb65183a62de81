// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import tools.jackson.databind.json.JsonMapper;

@Label("Readings of any device")
class ReadingsPropertyTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  @Provide
  Arbitrary<Reading> readings() {
    return Combinators.combine(Inputs.names(), Inputs.scalars())
        .as((name, value) -> new Reading(name, value, null))
        .filter(reading -> !reading.name().equals("at"));
  }

  @Provide
  Arbitrary<byte[]> nearlyJson() {
    return Inputs.nearly(
        "[{\"temperature\":21.5,\"at\":\"2026-11-21T20:30:00Z\"},{\"door\":\"cl\\u0041sed\",\"ok\":true}]",
        "[{\"bn\":\"a.\",\"bt\":1.3e9,\"bv\":1e-9,\"n\":\"b\",\"t\":-5,\"v\":1.2},{\"n\":\"c\",\"vb\":true}]");
  }

  @Property
  @Label("plain JSON is read as it was written")
  void reads_what_was_written(
      @ForAll @Size(min = 1, max = 20) List<@From("readings") Reading> readings) throws Exception {
    List<Map<String, Object>> objects =
        readings.stream().map(r -> Map.of(r.name(), r.value().plain())).toList();
    assertThat(JsonReadings.decode(JSON.writeValueAsBytes(objects))).isEqualTo(readings);
  }

  @Property
  @Label("SenML is read as it was written")
  void reads_senml_that_was_written(
      @ForAll @Size(min = 1, max = 20) List<@From("readings") Reading> readings) throws Exception {
    List<Map<String, Object>> records =
        readings.stream()
            .map(r -> Map.of("n", r.name(), label(r.value()), r.value().plain()))
            .toList();
    assertThat(SenmlReadings.decode(JSON.writeValueAsBytes(records), NOW)).isEqualTo(readings);
  }

  private static String label(Scalar value) {
    return value instanceof Scalar.Numeric ? "v" : value instanceof Scalar.Text ? "vs" : "vb";
  }

  @Property
  @Label("a query is read as it was written, each text by the rule for values without types")
  void reads_query_that_was_written(
      @ForAll @Size(min = 1, max = 20) List<@From("readings") Reading> readings) throws Exception {
    var unique = new LinkedHashMap<String, String>();
    readings.forEach(r -> unique.put(r.name(), r.value().plain().toString()));
    String query =
        unique.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    for (Reading reading : QueryReadings.decode(query)) {
      String text = unique.getOrDefault(reading.name(), "no such name");
      assertThat(reading.value()).isEqualTo(Scalar.parse("x", text));
    }
  }

  @Property
  @Label("bytes are readings or malformed, and never anything else")
  void judges_any_bytes(@ForAll byte[] body, @ForAll("nearlyJson") byte[] nearly) {
    for (byte[] bytes : List.of(body, nearly)) {
      try {
        assertThat(JsonReadings.decode(bytes)).isNotEmpty();
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
      try {
        assertThat(SenmlReadings.decode(bytes, NOW)).isNotEmpty();
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
    }
  }

  @Property
  @Label("any text is a query or malformed")
  void judges_any_query(@ForAll String query) {
    try {
      assertThat(QueryReadings.decode(query)).isNotEmpty();
    } catch (MalformedException e) {
      assertThat(e.field()).isNotEmpty();
    }
  }

  @Property
  @Label("a field name in a message is short and printable")
  void shows_names_safely(@ForAll String name) {
    assertThat(Reading.shown(name)).matches("[\\x21-\\x7e]{1,64}…?");
  }

  @Property
  @Label("any text is a value, unless it is a number that is none")
  void parses_any_value(@ForAll String text) {
    try {
      assertThat(Scalar.parse("x", text).plain()).isNotNull();
    } catch (MalformedException e) {
      assertThat(e.field()).isEqualTo("x");
    }
  }

  @Property
  @Label("the JSON text of a double is that double")
  void parses_doubles(@ForAll double number) throws Exception {
    assertThat(Scalar.parse("x", JSON.writeValueAsString(number)))
        .isEqualTo(new Scalar.Numeric(number));
  }
}
