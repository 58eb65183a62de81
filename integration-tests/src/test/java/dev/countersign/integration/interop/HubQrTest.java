// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.qr.QrPicture;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingCode.Place;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A hub's code, read by ZBar")
class HubQrTest {
  @TempDir private Path scratch;

  private final SecureRandom random = new SecureRandom();

  private List<String> codes() {
    var codes = new ArrayList<String>();
    for (Place place : Place.values()) {
      for (Role role : Role.values()) {
        codes.add(
            new PairingCode(
                    place,
                    place == Place.PRINTED,
                    role,
                    HubId.random(random),
                    PairingSecret.random(random),
                    Sha256.of(HubId.random(random).bytes()))
                .text(SecretAccess.insecure()));
      }
    }
    return codes;
  }

  private String read(String picture) {
    Run run = Program.in(scratch, "zbarimg").run("--quiet", "--raw", picture);
    assertThat(run.exitCode()).as(run.output()).isZero();
    return run.out().strip();
  }

  @Test
  @DisplayName("PNG, small and large")
  void reads_png() throws IOException {
    for (String code : codes()) {
      for (int pixels : new int[] {2, 8, 11}) {
        Files.write(scratch.resolve("code.png"), QrPicture.of(code).png(pixels));
        assertThat(read("code.png")).isEqualTo(code);
      }
    }
  }

  @Test
  @DisplayName("SVG, drawn by librsvg")
  void reads_svg() throws IOException {
    Program rsvg = Program.in(scratch, "rsvg-convert");
    for (String code : codes()) {
      Files.writeString(scratch.resolve("code.svg"), QrPicture.of(code).svg("code"), UTF_8);
      Run drawn = rsvg.run("--width", "360", "--output", "drawn.png", "code.svg");
      assertThat(drawn.exitCode()).as(drawn.output()).isZero();
      assertThat(read("drawn.png")).isEqualTo(code);
    }
  }
}
