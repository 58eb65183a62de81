// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class DeviceCsvFuzzTest {
  @FuzzTest
  void parses_list(byte[] csv) {
    DeviceCsv.Parsed parsed = DeviceCsv.parse(csv);
    parsed
        .refusals()
        .forEach(refusal -> {
          if (refusal.reason().isBlank() || refusal.field().isBlank()) {
            throw new AssertionError("a refusal names field and reason");
          }
        });
  }
}
