// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

@Label("SenML in JSON and in CBOR")
class SenmlFormsPropertyTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final CBORMapper CBOR = new CBORMapper();
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  /** RFC 8428 §6, Table 4, from -6 on. */
  private static final List<String> LABELS =
      List.of(
          "bs", "bv", "bu", "bt", "bn", "bver", "n", "u", "v", "vs", "vb", "s", "t", "ut", "vd");

  private static final int FIRST_LABEL = -6;

  /** What a pack comes to: its readings, or the field that is refused. */
  private static Object outcome(Decoder decoder, byte[] body) {
    try {
      return decoder.decode(body, NOW);
    } catch (MalformedException e) {
      return e.field();
    }
  }

  private interface Decoder {
    List<Reading> decode(byte[] body, Instant now) throws MalformedException;
  }

  /** Records as they come, most of them right. */
  @Provide
  Arbitrary<Map<String, Object>> records() {
    Arbitrary<Object> number =
        Arbitraries.oneOf(
            Arbitraries.doubles().map(n -> (Object) n),
            Arbitraries.floats().map(n -> (Object) (double) n),
            Arbitraries.integers().map(n -> (Object) n),
            Arbitraries.longs().map(n -> (Object) n),
            Arbitraries.bigDecimals()
                .between(BigDecimal.valueOf(-1_000_000), BigDecimal.valueOf(1_000_000))
                .ofScale(4)
                .map(n -> (Object) n));
    Arbitrary<Object> time =
        Arbitraries.integers().between(-1 << 30, Integer.MAX_VALUE).map(n -> n);
    Arbitrary<Object> text = Inputs.names().map(n -> n.substring(0, Math.min(n.length(), 9)));
    Arbitrary<Map.Entry<String, Object>> field =
        Arbitraries.frequencyOf(
            Tuple.of(3, fields(text, "bn", "bu", "u")),
            Tuple.of(3, fields(time, "bt", "t", "ut")),
            Tuple.of(2, fields(number, "bv")),
            Tuple.of(1, fields(Arbitraries.integers().between(0, 11).map(n -> n), "bver")),
            Tuple.of(1, fields(number, "s", "bs", "x", "must_")));
    Arbitrary<Map.Entry<String, Object>> value =
        Arbitraries.oneOf(
            fields(number, "v"),
            fields(Inputs.names().map(n -> n), "vs"),
            fields(Arbitraries.of(true, false).map(b -> b), "vb"));
    return Combinators.combine(
            text, value, field.list().ofMaxSize(3), Arbitraries.of(true, true, true, false))
        .as((name, measured, others, named) -> {
          var map = new LinkedHashMap<String, Object>();
          others.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
          if (named) {
            map.put("n", name);
          }
          map.put(measured.getKey(), measured.getValue());
          return map;
        });
  }

  private static Arbitrary<Map.Entry<String, Object>> fields(
      Arbitrary<Object> values, String... labels) {
    return Arbitraries.of(labels).flatMap(label -> values.map(value -> Map.entry(label, value)));
  }

  @Property
  @Label("a pack comes to the same in both")
  void come_to_the_same(
      @ForAll @Size(min = 1, max = 8) List<@From("records") Map<String, Object>> records)
      throws IOException {
    Object json = outcome(SenmlReadings::decode, JSON.writeValueAsBytes(records));
    assertThat(outcome(SenmlCborReadings::decode, cbor(records))).isEqualTo(json);
    Statistics.label("read")
        .collect(json instanceof List)
        .coverage(share -> share.check(true).percentage(percent -> percent > 20));
  }

  private static byte[] cbor(List<Map<String, Object>> records) throws IOException {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator generator = CBOR.createGenerator(out)) {
      generator.writeStartArray(null, records.size());
      for (Map<String, Object> row : records) {
        generator.writeStartObject(null, row.size());
        for (Map.Entry<String, Object> field : row.entrySet()) {
          writeLabel(generator, field.getKey());
          writeValue(generator, field.getValue());
        }
        generator.writeEndObject();
      }
      generator.writeEndArray();
    }
    return out.toByteArray();
  }

  private static void writeLabel(JsonGenerator generator, String label) {
    int index = LABELS.indexOf(label);
    if (index < 0) {
      generator.writeName(label);
    } else {
      generator.writePropertyId(FIRST_LABEL + index);
    }
  }

  /** As short as it goes without becoming another number. */
  private static void writeValue(JsonGenerator generator, Object value) {
    if (value instanceof Double number && number.floatValue() == number) {
      generator.writeNumber(number.floatValue());
    } else {
      generator.writePOJO(value);
    }
  }

  @Provide
  Arbitrary<byte[]> nearlyCbor() throws IOException {
    String folder = "telemetry/ReadingsFuzzTestInputs/decodes_senml_cbor/";
    return Inputs.nearly(
        Seeds.read(folder + "rfc8428"),
        Seeds.read(folder + "unknown"),
        Seeds.read(folder + "types"));
  }

  @Property
  @Label("bytes are readings or malformed, and never anything else")
  void judges_any_bytes(@ForAll byte[] body, @ForAll("nearlyCbor") byte[] nearly) {
    for (byte[] bytes : List.of(body, nearly)) {
      try {
        assertThat(SenmlCborReadings.decode(bytes, NOW)).isNotEmpty();
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
    }
  }
}
