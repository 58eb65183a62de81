// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The file with a hub's list")
class HubStateFileTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path directory = Path.of("");
  private Path file;
  private HubStateFile stored;
  private HubState state;

  @BeforeEach
  void store() throws IOException {
    file = directory.resolve("phones.json");
    stored = new HubStateFile(file, TestPhones.RANDOM);
    var guest =
        new Phone(
            TestPhones.hash(),
            TestPhones.hash(),
            "Zoë \"🔑\"\\",
            Role.GUEST,
            Phone.Status.ACTIVE,
            7,
            Optional.of("0123456789abcdef"),
            Optional.of(NOON),
            Optional.of(NOON.plusNanos(1)));
    state =
        new HubState(
            7,
            3,
            PhoneAuthority.create(TestPhones.HUB, TestPhones.BEGIN, TestPhones.RANDOM),
            Optional.of(PairingSecret.random(TestPhones.RANDOM)),
            Optional.of(NOON),
            List.of(guest, TestPhones.phone("owner", Role.OWNER)));
    stored.store(state);
  }

  @Test
  @DisplayName("everything comes back as it was")
  void round_trip() throws IOException {
    HubState read = stored.load().orElseThrow();
    assertThat(read.phones()).isEqualTo(state.phones());
    assertThat(read.phones().getFirst().role()).as("owners first").isEqualTo(Role.OWNER);
    assertThat(read.epoch()).isEqualTo(7);
    assertThat(read.failures()).isEqualTo(3);
    assertThat(read.timeFloor()).contains(NOON);
    assertThat(read.recoveryCard().orElseThrow().bytes(SecretAccess.insecure()))
        .isEqualTo(state.recoveryCard().orElseThrow().bytes(SecretAccess.insecure()));
    assertThat(read.authority().toPem()).isEqualTo(state.authority().toPem());
  }

  @Test
  @DisplayName("it is for its owner alone, also when it was there with other rights")
  void for_its_owner_alone() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    stored.store(state);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  @DisplayName("a hub without a file begins a list, and with one never")
  void no_file() throws IOException {
    assertThat(new HubStateFile(directory.resolve("none"), TestPhones.RANDOM).load()).isEmpty();
    assertThat(TestPhones.open(file).state().phones()).hasSize(2);
  }

  @Test
  @DisplayName("a file that was cut off anywhere does not open")
  void cut_off() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int end = new String(whole, UTF_8).stripTrailing().getBytes(UTF_8).length;
    for (int length = 0; length < end; length += 1 + length / 50) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertRefused("cut off at " + length);
    }
  }

  @Test
  @DisplayName("a file in which anything essential is missing or something else does not open")
  void damaged() throws IOException {
    String whole = Files.readString(file);
    String phones = whole.substring(whole.indexOf("\"phones\""));
    List<String> damages =
        List.of(
            whole.replace("\"version\" : 1", "\"version\" : 2"),
            whole.replace("\"epoch\" : 7,\n  \"fail", "\"epoch\" : \"soon\",\n  \"fail"),
            whole.replace("\"epoch\" : 7,\n  \"fail", "\"epoch\" : 0,\n  \"fail"),
            whole.replace("\"failures\" : 3", "\"failures\" : -1"),
            whole.replace("\"failures\" : 3", "\"misses\" : 3"),
            whole.replace("-----BEGIN PRIVATE KEY", "-----BEGIN KEY"),
            whole.replaceFirst("\"recoveryCard\" : \"..", "\"recoveryCard\" : \""),
            whole.replace("\"" + NOON + "\"", "\"noon\""),
            whole.replace("\"owner\",\n    \"epoch", "\"king\",\n    \"epoch"),
            whole.replace(phones, "\"phones\" : {}\n}"),
            whole.replace(phones, "\"phones\" : 5\n}"),
            whole.replace(phones, "\"phones\" : null\n}"),
            whole.replace(phones, "\"phone\" : []\n}"),
            whole.replaceFirst("\"key\" : \"..", "\"key\" : \"xy"),
            whole + "{}",
            "[]",
            "null",
            "");
    for (String damage : damages) {
      assertThat(damage).isNotEqualTo(whole);
      Files.writeString(file, damage);
      assertRefused(damage);
    }
  }

  @Test
  @DisplayName("a key that is there twice does not open: one of the two would come back")
  void twice() throws IOException {
    String whole = Files.readString(file);
    String entries = whole.substring(whole.indexOf('[') + 1, whole.lastIndexOf(']'));
    Files.writeString(file, whole.replace(entries, entries + "," + entries));
    assertRefused("twice");
  }

  private void assertRefused(String damage) {
    assertThatThrownBy(() -> TestPhones.open(file))
        .as(damage)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected the list of phones")
        .hasNoCause();
  }
}
