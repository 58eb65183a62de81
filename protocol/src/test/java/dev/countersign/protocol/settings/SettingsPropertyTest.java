// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

@Label("Any settings")
class SettingsPropertyTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  @Provide
  Arbitrary<Map<String, Scalar>> values() {
    return Arbitraries.maps(Inputs.names(), Inputs.scalars()).ofMaxSize(30);
  }

  @Provide
  Arbitrary<byte[]> nearlyJson() throws MalformedException {
    Settings settings = Settings.of(Map.of("interval", new Scalar.Numeric(60)));
    return Inputs.nearly(
        "{\"interval\":60,\"door\":\"closed\",\"ok\":true}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
        new SettingsAnswer(12, settings, 3, 2, NOW).toJson(),
        new SettingsReceipt(12, settings.sha256()).toJson());
  }

  @Property
  @Label("the canonical form is read as the same settings and written as the same bytes")
  void canonical_form_is_stable(@ForAll("values") Map<String, Scalar> values) throws Exception {
    Settings settings = Settings.of(values);
    Settings read = Settings.parse(settings.canonicalJson());
    assertThat(read).isEqualTo(settings);
    assertThat(read.canonicalJson()).isEqualTo(settings.canonicalJson());
  }

  @Property
  @Label("answers and receipts are read as they were written")
  void reads_what_was_written(
      @ForAll("values") Map<String, Scalar> values,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long version)
      throws Exception {
    var answer = new SettingsAnswer(version, Settings.of(values), version, version, NOW);
    assertThat(SettingsAnswer.parse(answer.toJson())).isEqualTo(answer);
    var receipt = new SettingsReceipt(version, answer.sha256());
    assertThat(SettingsReceipt.parse(receipt.toJson())).isEqualTo(receipt);
  }

  @Property
  @Label("bytes are settings, an answer, a receipt or malformed, and never anything else")
  void judges_any_bytes(@ForAll byte[] body, @ForAll("nearlyJson") byte[] nearly) {
    for (byte[] bytes : List.of(body, nearly)) {
      try {
        Settings settings = Settings.parse(bytes);
        assertThat(Settings.parse(settings.canonicalJson())).isEqualTo(settings);
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
      try {
        assertThat(SettingsAnswer.parse(bytes).version()).isNotNegative();
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
      try {
        assertThat(SettingsReceipt.parse(bytes).version()).isNotNegative();
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
    }
  }
}
