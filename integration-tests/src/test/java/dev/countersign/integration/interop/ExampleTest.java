// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.MutableClock;
import dev.countersign.integration.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The examples")
class ExampleTest {
  private static final Path ROOT = Path.of(System.getProperty("countersign.root", "."));
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  @DisplayName("the SDK in ten lines enrols, sends, and gets its settings")
  void embedded_device(@TempDir Path scratch) throws Exception {
    try (TestServer server =
        TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime())) {
      String token = server.operator().addDevice("EX-1");
      server.operator().set("EX-1", "{\"interval\":60}");
      Path out = scratch.resolve("out");
      Process device =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  ROOT.resolve("examples/embedded-device/EmbeddedDevice.java").toString(),
                  server.deviceUrl().toString(),
                  "EX-1",
                  token,
                  scratch.resolve("state").toString())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      try {
        await()
            .atMost(PATIENCE)
            .failFast(() -> assertThat(device.isAlive()).as(Files.readString(out)).isTrue())
            .until(() ->
                Files.readString(out).contains("SettingsConfirmed")
                    && Files.readString(out).contains("Delivered"));
      } finally {
        device.destroyForcibly().waitFor();
      }
      assertThat(Files.readString(out)).contains("{\"interval\":60}").doesNotContain(token);
      assertThat(server.operator().readings("EX-1")).hasSize(1);
    }
  }
}
