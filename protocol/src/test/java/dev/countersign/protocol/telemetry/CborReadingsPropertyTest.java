// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import tools.jackson.core.JsonGenerator;
import tools.jackson.dataformat.cbor.CBORMapper;

@Label("Readings in plain CBOR of any device")
class CborReadingsPropertyTest {
  private static final CBORMapper CBOR = new CBORMapper();

  @Provide
  Arbitrary<Reading> readings() {
    // Some names of few, so that some come twice and some times are shared.
    Arbitrary<String> names =
        Arbitraries.oneOf(Inputs.names(), Arbitraries.of("a", "b", "c"))
            .filter(name -> !name.equals("at"));
    Arbitrary<Instant> times =
        Arbitraries.oneOf(
            Arbitraries.of(Instant.EPOCH, JsonReadings.LATEST),
            Arbitraries.longs().between(0, 253_402_300_798_999L).map(Instant::ofEpochMilli),
            Arbitraries.longs().between(0, 1L << 62).map(n -> Instant.EPOCH.plusNanos(n)));
    return Combinators.combine(names, Inputs.scalars(), times.injectNull(0.4)).as(Reading::new);
  }

  @Provide
  Arbitrary<byte[]> nearlyCbor() throws IOException {
    String folder = "telemetry/ReadingsFuzzTestInputs/decodes_cbor/";
    return Inputs.nearly(Seeds.read(folder + "map"), Seeds.read(folder + "array"));
  }

  @Property
  @Label("what was written is read, with its order and its times")
  void reads_what_was_written(
      @ForAll @Size(min = 1, max = 20) List<@From("readings") Reading> readings) throws Exception {
    assertThat(CborReadings.decode(CborReadings.encode(readings))).isEqualTo(readings);
  }

  @Property
  @Label("means what the same readings mean in JSON")
  void means_what_json_means(
      @ForAll @Size(min = 1, max = 20) List<@From("readings") Reading> readings) throws Exception {
    assertThat(CborReadings.decode(CborReadings.encode(readings)))
        .isEqualTo(JsonReadings.decode(JsonReadings.encode(readings)));
  }

  @Property
  @Label("what another library writes is read")
  void reads_another_library(
      @ForAll @Size(min = 1, max = 20) List<@From("readings") Reading> readings) throws Exception {
    assertThat(CborReadings.decode(cbor(readings)))
        .isEqualTo(readings.stream().map(r -> new Reading(r.name(), r.value(), null)).toList());
  }

  private static byte[] cbor(List<Reading> readings) {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator generator = CBOR.createGenerator(out)) {
      generator.writeStartArray(null, readings.size());
      for (Reading reading : readings) {
        // Its maps are of indefinite length, unless it is told.
        generator.writeStartObject(null, 1);
        generator.writeName(reading.name());
        generator.writePOJO(reading.value().plain());
        generator.writeEndObject();
      }
      generator.writeEndArray();
    }
    return out.toByteArray();
  }

  @Property
  @Label("bytes are readings or malformed, and readings say the same again")
  void judges_any_bytes(@ForAll byte[] body, @ForAll("nearlyCbor") byte[] nearly)
      throws IOException, MalformedException {
    for (byte[] bytes : List.of(body, nearly)) {
      List<Reading> readings;
      try {
        readings = CborReadings.decode(bytes);
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
        continue;
      }
      assertThat(CborReadings.decode(CborReadings.encode(readings))).isEqualTo(readings);
    }
  }
}
