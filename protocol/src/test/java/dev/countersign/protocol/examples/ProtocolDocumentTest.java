// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.keys.Hkdf;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.protocol.telemetry.CborReadings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@DisplayName("docs/protocol.md")
class ProtocolDocumentTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("countersign.root", ".."), "docs/protocol.md");

  /** A comment that names a vector, and the block of its values: name, bytes, explanation. */
  private static final Pattern BLOCK =
      Pattern.compile("<!-- vectors: (\\S+) -->\n```\n(.*?)```", Pattern.DOTALL);

  /** Vectors of the other file. */
  private static final String PAIRING = "pairing/";

  private static final Pattern LINE = Pattern.compile("(\\S+) {2,}(.+?)(?: {2,}# .*)?");

  /** One value as the document has it. */
  private record Value(String vector, String name, String content) {
    /** What the vectors have under this name. */
    JsonNode expected() {
      JsonNode node = named(vector);
      for (String part : name.split("\\.", -1)) {
        node = node.path(part);
      }
      return node;
    }
  }

  private static JsonNode named(String name) {
    if (name.startsWith(PAIRING)) {
      return PairingVectors.all().path(name.substring(PAIRING.length()));
    }
    if (name.startsWith("lostState/")) {
      return SealedVectors.all().path("lostState").path(name.charAt(name.length() - 1) - '0');
    }
    return SealedVectors.cases()
        .filter(c -> c.path("name").asString().equals(name))
        .findFirst()
        .orElseGet(() -> SealedVectors.all().path(name));
  }

  private static List<Value> values() throws IOException {
    var values = new ArrayList<Value>();
    Matcher block = BLOCK.matcher(Files.readString(DOCUMENT));
    while (block.find()) {
      for (String line : block.group(2).strip().lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        values.add(new Value(block.group(1), matcher.group(1), matcher.group(2).replace(" ", "")));
      }
    }
    return values;
  }

  private static String only(String name) throws IOException {
    return values().stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow().content();
  }

  @Test
  @DisplayName("every byte of its examples is that of the vectors")
  void examples() throws Exception {
    assertThat(values()).hasSizeGreaterThan(90);
    for (Value value : values()) {
      if (!value.name().equals("info.oscore-ms") && !value.name().equals("padded")) {
        assertThat(value.content()).as(value.toString()).isEqualTo(value.expected().asString());
      }
    }
  }

  @Test
  @DisplayName("what it derives by hand comes out")
  void derivations() throws Exception {
    byte[] key =
        Hkdf.expand(
            Hexadecimal.decode(only("deviceKey")), Hexadecimal.decode(only("info.oscore-ms")), 16);
    assertThat(Hexadecimal.encode(key)).isEqualTo(only("derived.oscore-ms"));
    byte[] padded = Hexadecimal.decode(only("padded"));
    byte[] iv = Hexadecimal.decode(only("commonIv"));
    for (int i = 0; i < iv.length; i++) {
      padded[i] ^= iv[i];
    }
    assertThat(Hexadecimal.encode(padded)).isEqualTo(only("request.nonce"));
  }

  @Test
  @DisplayName("every part of the examples of pairing is in it")
  void pairing() throws Exception {
    assertThat(values().stream().filter(v -> v.vector().startsWith(PAIRING)).map(Value::vector))
        .contains("pairing/qr", "pairing/keys", "pairing/request", "pairing/answer")
        .contains("pairing/code", "pairing/succession");
  }

  @Test
  @DisplayName("its bodies are read as it says")
  void bodies() throws Exception {
    String document = Files.readString(DOCUMENT).replaceAll("[ \n]", "");
    byte[] reading =
        InnerMessage.request(CoapCode.POST, "d")
            .withBody(Hexadecimal.decode("a16b74656d7065726174757265f94ce0"))
            .encode();
    assertThat(document).contains(Hexadecimal.encode(reading));
    assertThat(CborReadings.decode(InnerMessage.decode(reading).body())).hasSize(1);
    String settings = "a5010302a2656c6162656c617868696e74657276616c183c03000400051a6b01ff48";
    assertThat(document).contains(settings);
    byte[] body = Hexadecimal.decode(settings);
    assertThat(SealedSettings.encode(SealedSettings.decode(body))).isEqualTo(body);
  }
}
