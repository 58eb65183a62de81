// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.factory.LedgerEntry;
import dev.countersign.hub.factory.Quota;
import dev.countersign.hub.factory.Station;
import dev.countersign.hub.factory.StationMaker;
import dev.countersign.hub.factory.StationRecord;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A production line that is killed, and two at one station")
final class FactoryCrashTest {
  private static final int QUOTA = 30;
  private static final int ROUNDS = 5;

  private final SecureRandom random = new SecureRandom();
  @TempDir private Path directory = Path.of("unset");

  private Path station() throws Exception {
    Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
    SigningKey key = SigningKey.generate(KeyKind.P384, random);
    CertificateAuthority root =
        CertificateAuthority.createRoot("Maker Root", "Maker", key, now, random);
    Path station = directory.resolve("station");
    Quota made =
        new StationMaker(root.certificate(), key, random)
            .make(
                station,
                new StationMaker.Request(
                    "line",
                    QUOTA,
                    now.plus(Duration.ofDays(1)),
                    new ServerName.Dns("hub.countersign.invalid"),
                    DeviceName.EXAMPLE_ENTERPRISE_NUMBER),
                now);
    assertThat(made.hubs()).isEqualTo(QUOTA);
    return station;
  }

  private Process line(Path station, String prefix) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ProvisioningLoop.class.getName(),
            station.toString(),
            directory.resolve("hubs").toString(),
            prefix)
        .redirectError(directory.resolve("line.err").toFile())
        .start();
  }

  @Test
  @DisplayName("kill -9 at any moment: every entry becomes one hub, and the quota is met exactly")
  void killed_in_between() throws Exception {
    Path station = station();
    for (int round = 0; round < ROUNDS; round++) {
      Process line = line(station, "a");
      BufferedReader out = line.inputReader(UTF_8);
      // New ones are told of one by one; those of earlier rounds pass by at once.
      int seen = 0;
      int wanted = made().size() + 1 + random.nextInt(3);
      while (seen < wanted && out.readLine() != null) {
        seen++;
      }
      line.destroyForcibly().waitFor();
    }
    Station opened = Station.open(station, Clock.systemUTC(), random);
    int number = 1;
    while (ProvisioningLoop.makes(
        opened, directory.resolve("hubs").resolve("a" + number), random)) {
      number++;
    }

    assertInOrder(station, made());
  }

  @Test
  @DisplayName("two processes at one station share its quota, and each hub has a key of its own")
  void two_at_once() throws Exception {
    Path station = station();
    Process one = line(station, "a");
    Process two = line(station, "b");
    assertThat(one.waitFor()).as(Files.readString(directory.resolve("line.err"))).isZero();
    assertThat(two.waitFor()).isZero();

    List<HubIdentity> made = made();

    assertInOrder(station, made);
    // Both made some, or this test shows nothing.
    assertThat(names()).anyMatch(name -> name.startsWith("a")).anyMatch(n -> n.startsWith("b"));
  }

  private void assertInOrder(Path station, List<HubIdentity> made) throws Exception {
    StationRecord record = StationRecord.open(station);
    record.verifyCertificates();
    assertThat(made).hasSize(QUOTA);
    assertThat(made).extracting(HubIdentity::keyHash).doesNotHaveDuplicates();
    assertThat(made).extracting(HubIdentity::id).doesNotHaveDuplicates();
    assertThat(record.entries())
        .extracting(LedgerEntry::key)
        .containsExactlyInAnyOrderElementsOf(made.stream().map(HubIdentity::keyHash).toList());
    assertThat(record.delivered()).isEqualTo(QUOTA);
  }

  private List<String> names() throws IOException {
    if (!Files.exists(directory.resolve("hubs"))) {
      return List.of();
    }
    try (Stream<Path> states = Files.list(directory.resolve("hubs"))) {
      return states
          .filter(state -> Files.exists(state.resolve("hub.pem")))
          .map(state -> state.getFileName().toString())
          .toList();
    }
  }

  private List<HubIdentity> made() throws IOException {
    var made = new ArrayList<HubIdentity>();
    for (String name : names()) {
      made.add(new HubIdentityFile(directory.resolve("hubs").resolve(name)).load().orElseThrow());
    }
    return made;
  }
}
