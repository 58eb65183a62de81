// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Sha256;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AuditChainTest {
  @Test
  @DisplayName("the hash is over the bytes that are documented, written out here by hand")
  void hashes_documented_bytes() {
    var entry =
        new AuditEntry(
            2,
            Instant.ofEpochMilli(0x0102030405L),
            "anna",
            "t",
            "",
            Map.of("b", "ü", "a", "1"),
            Sha256.wrap(HexFormat.of().parseHex("11".repeat(32))),
            AuditChain.ORIGIN);
    var bytes = new ByteArrayOutputStream();
    for (String part :
        new String[] {
          "11".repeat(32),
          "0000000000000002",
          "0000000102030405",
          "00000004" + "616e6e61",
          "00000001" + "74",
          "00000000",
          "00000002",
          "00000001" + "61" + "00000001" + "31",
          "00000001" + "62" + "00000002" + "c3bc",
        }) {
      bytes.writeBytes(HexFormat.of().parseHex(part));
    }
    assertThat(AuditChain.hash(entry)).isEqualTo(Sha256.of(bytes.toByteArray()));
  }

  @Test
  @DisplayName("moving a letter from one text to the next changes the hash")
  void separates_texts() {
    assertThat(hash("ab", "c")).isNotEqualTo(hash("a", "bc"));
  }

  private static Sha256 hash(String actor, String type) {
    var entry =
        new AuditEntry(
            1, Instant.EPOCH, actor, type, "", Map.of(), AuditChain.ORIGIN, AuditChain.ORIGIN);
    return AuditChain.hash(entry);
  }
}
