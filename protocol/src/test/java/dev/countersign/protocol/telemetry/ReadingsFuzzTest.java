// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;
import java.time.Instant;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class ReadingsFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  @FuzzTest
  void decodes_json(byte[] body) {
    try {
      JsonReadings.decode(body);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_senml(byte[] body) {
    try {
      SenmlReadings.decode(body, NOW);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_senml_cbor(byte[] body) {
    try {
      SenmlCborReadings.decode(body, NOW);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_cbor(byte[] body) {
    try {
      CborReadings.decode(body);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_query(byte[] query) {
    try {
      QueryReadings.decode(new String(query, UTF_8));
    } catch (MalformedException e) {
      // The only other answer.
    }
  }
}
