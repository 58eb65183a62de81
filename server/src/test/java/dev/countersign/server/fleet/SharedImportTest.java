// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.TestHouse;
import dev.countersign.server.fleet.Provisioning.ImportResult;
import dev.countersign.server.fleet.Provisioning.SharedResult;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.registry.Path;
import dev.countersign.server.secrets.ClearSecret;
import dev.countersign.server.secrets.SecretKind;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Devices come with secrets, one by one or as a list [A6]")
class SharedImportTest {
  private final SecureRandom random = new SecureRandom();
  private TestHouse house;

  @BeforeEach
  void build() throws Exception {
    house = new TestHouse();
  }

  private String secret() {
    try (ClearSecret secret = ClearSecret.generate(random)) {
      return secret.text(SecretAccess.insecure());
    }
  }

  private ImportResult importAll(String csv) {
    try (DeviceCsv.Parsed parsed = DeviceCsv.parse(csv.getBytes(UTF_8))) {
      assertThat(parsed.refusals()).isEmpty();
      return house.provisioning.importAll(parsed.rows(), false, n -> {}, house.operator);
    }
  }

  private static SharedResult add(TestHouse house, String serial, Optional<ClearSecret> secret) {
    return house.provisioning.add(
        new NewDevice(new DeviceSerial(serial), Optional.empty(), true),
        new NewCredential.Shared(SecretKind.PSK, SealedAlgorithm.CCM8, secret),
        house.operator);
  }

  @Test
  @DisplayName("each line says with what a device proves itself; a secret alone stands for sealed")
  void imports_all_kinds() throws Exception {
    String sealed = secret();
    assertThat(
            importAll(
                "serial,secret,credential,algorithm\n"
                    + ("S-1," + sealed + ",,\n")
                    + ("S-2," + secret() + ",psk,chacha20\n")
                    + ("S-3," + secret() + ",mac,\n")
                    + "S-4,,certificate,\n"))
        .isInstanceOf(ImportResult.Imported.class);
    assertThat(house.device("S-1").minimumLevel(Path.RELAY)).isEqualTo(2);
    assertThat(house.device("S-2").minimumLevel(Path.DIRECT)).isEqualTo(3);
    assertThat(house.device("S-3").minimumLevel(Path.RELAY)).isEqualTo(1);
    assertThat(house.device("S-3").status()).isEqualTo(DeviceStatus.ACTIVE);
    assertThat(house.device("S-4").status()).isEqualTo(DeviceStatus.PENDING);
    var first = house.secrets.current(new DeviceSerial("S-1")).orElseThrow();
    assertThat(first.algorithm()).isEqualTo(SealedAlgorithm.CCM);
    try (DeviceKey key = first.open();
        DeviceKey expected = ClearSecret.parse(sealed).toKey()) {
      assertThat(key).isEqualTo(expected);
    }
    assertThat(house.secrets.current(new DeviceSerial("S-4"))).isEmpty();
  }

  @Test
  @DisplayName("a secret that another device has refuses the whole list, and is not repeated")
  void refuses_repeats() throws Exception {
    String there = secret();
    assertThat(add(house, "S-0", Optional.of(ClearSecret.parse(there))))
        .isInstanceOf(SharedResult.Added.class);
    ImportResult result =
        importAll("serial,secret\nS-1," + secret() + "\nS-2," + there + "\nS-3," + secret() + "\n");
    assertThat(result)
        .isInstanceOfSatisfying(
            ImportResult.Refused.class,
            refused -> {
              assertThat(refused.refusals()).hasSize(1);
              assertThat(refused.refusals().getFirst().line()).isEqualTo(3);
              assertThat(refused.refusals().getFirst().field()).isEqualTo("secret");
              assertThat(refused.refusals().getFirst().reason())
                  .contains("S-0")
                  .doesNotContain(there);
            });
    assertThat(house.secrets.current(new DeviceSerial("S-1"))).isEmpty();
    assertThat(add(house, "S-9", Optional.of(ClearSecret.parse(there))))
        .isInstanceOf(SharedResult.UnfitSecret.class);
  }

  @Test
  @DisplayName("the same secret twice on one list is named by its line")
  void refuses_repeats_on_list() {
    String twice = secret();
    var parsed =
        DeviceCsv.parse(("serial,secret\nS-1," + twice + "\nS-2," + twice + "\n").getBytes(UTF_8));
    assertThat(parsed.refusals()).hasSize(1);
    assertThat(parsed.refusals().getFirst().line()).isEqualTo(3);
    assertThat(parsed.refusals().toString()).contains("on line 2").doesNotContain(twice);
  }

  @Test
  @DisplayName("a secret is made if none is given, and overwritten when it was shown")
  void makes_secrets() {
    assertThat(add(house, "S-1", Optional.empty()))
        .isInstanceOfSatisfying(
            SharedResult.Added.class,
            added -> {
              ClearSecret made = added.grant().made().orElseThrow();
              assertThat(made.text(SecretAccess.insecure())).matches("[A-Za-z0-9]{50}");
              assertThat(added.grant().tls13Key(SecretAccess.insecure()))
                  .hasSize(32)
                  .isNotEqualTo(added.grant().tls12Key(SecretAccess.insecure()));
              added.grant().close();
              assertThat(made.text(SecretAccess.insecure())).doesNotContainPattern("[A-Za-z0-9]");
              assertThat(added.grant().tls13Key(SecretAccess.insecure())).containsOnly(0);
            });
    assertThat(add(house, "S-1", Optional.empty())).isInstanceOf(SharedResult.Exists.class);
  }
}
