// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.client.storage.StateDirectory;
import dev.countersign.hub.factory.StationRefusedException.Reason;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Making a hub")
final class ProvisioningTest {
  @TempDir private Path directory = Path.of("unset");
  private TestLine line = new TestLine(Path.of("unset"));
  private Station station = UNSET;

  @SuppressWarnings("NullAway") // before each test there is one
  private static final Station UNSET = null;

  /** After which of its steps it is killed. */
  enum KilledAfter {
    CLAIM,
    KEY,
    LEDGER,
    IDENTITY,
    DELIVERED,
    KEY_REMOVED
  }

  @BeforeEach
  void makeStation() throws Exception {
    line = new TestLine(directory);
    station = line.station("st", 10);
  }

  /** What {@link Provisioning} does, up to a step. */
  private void beginAndDie(String state, KilledAfter step) throws Exception {
    StateDirectory.make(line.path(state));
    var keyFile = new HubKeyFile(line.path(state), TestLine.RANDOM);
    Claim claim = keyFile.claim();
    if (step == KilledAfter.CLAIM) {
      return;
    }
    SigningKey key = keyFile.readOrMake();
    if (step == KilledAfter.KEY) {
      return;
    }
    Station.Issue issue =
        station.issue(keyFile.request(key), Optional.empty(), Optional.empty(), claim);
    if (step == KilledAfter.LEDGER) {
      return;
    }
    new HubIdentityFile(line.path(state))
        .store(
            new HubIdentity(issue.hub(), key, PairingSecret.random(TestLine.RANDOM), List.of(), 0));
    if (step == KilledAfter.IDENTITY) {
      return;
    }
    station.deliver(issue.entry().key());
    if (step == KilledAfter.KEY_REMOVED) {
      Files.delete(line.path(state).resolve("hub.key"));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("goes on after it was killed: one hub, one key, one place in the quota")
  void goes_on_after_a_kill(KilledAfter step) throws Exception {
    beginAndDie("a", step);
    Path waiting = line.path("a").resolve("hub.key");
    if (Files.exists(waiting)) {
      line.putKey("thief", SigningKey.parsePem(Files.readString(waiting)));
    }
    Station opened = line.open("st");

    if (step == KilledAfter.KEY_REMOVED) {
      assertThat(
              catchThrowableOfType(StationRefusedException.class, () -> line.provision(opened, "a"))
                  .reason())
          .isEqualTo(Reason.PROVISIONED);
    } else {
      Provisioned made = line.provision(opened, "a");
      assertThat(made.identity().keyHash()).isEqualTo(line.identity("a").keyHash());
      assertThat(made.identity().label()).isEqualTo(line.identity("a").label());
      assertThat(waiting).doesNotExist();
      assertThat(line.path("a").resolve("provisioning")).doesNotExist();
    }

    List<LedgerEntry> entries = StationRecord.open(line.path("st")).entries();
    assertThat(entries)
        .singleElement()
        .extracting(LedgerEntry::hub)
        .isEqualTo(line.identity("a").id());
    assertThat(StationRecord.open(line.path("st")).delivered()).isEqualTo(1);
    if (Files.exists(line.path("thief"))) {
      assertThat(
              catchThrowableOfType(
                      StationRefusedException.class, () -> line.provision(opened, "thief"))
                  .reason())
          .isEqualTo(Reason.REPEATED_KEY);
    }
  }

  @Test
  @DisplayName("a key that was copied while its hub was being made is refused, and the hub goes on")
  void refuses_a_key_copied_in_between() throws Exception {
    beginAndDie("a", KilledAfter.LEDGER);
    Files.createDirectories(line.path("b"));
    Files.copy(line.path("a").resolve("hub.key"), line.path("b").resolve("hub.key"));

    var refused =
        catchThrowableOfType(StationRefusedException.class, () -> line.provision(station, "b"));

    assertThat(refused.reason()).isEqualTo(Reason.REPEATED_KEY);
    line.provision(station, "a");
    assertThat(station.issued()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "a whole directory that was copied while its hub was being made gets nothing after it")
  void refuses_a_copied_directory() throws Exception {
    beginAndDie("a", KilledAfter.LEDGER);
    Files.createDirectories(line.path("b"));
    for (String file : List.of("hub.key", "provisioning")) {
      Files.copy(line.path("a").resolve(file), line.path("b").resolve(file));
    }
    line.provision(station, "a");

    var refused =
        catchThrowableOfType(StationRefusedException.class, () -> line.provision(station, "b"));

    assertThat(refused.reason()).isEqualTo(Reason.REPEATED_KEY);
    assertThat(line.path("b").resolve("hub.pem")).doesNotExist();
  }

  @Test
  @DisplayName("a second attempt with another serial is refused: the first one has a name")
  void refuses_another_serial_for_the_same_key() throws Exception {
    beginAndDie("a", KilledAfter.LEDGER);
    try (Provisioning provisioning = Provisioning.of(line.path("a"), station, TestLine.RANDOM)) {
      var refused =
          catchThrowableOfType(
              StationRefusedException.class,
              () ->
                  provisioning.provision(Optional.of(new DeviceSerial("SN-2")), Optional.empty()));
      assertThat(refused.reason()).isEqualTo(Reason.REPEATED_KEY);
    }
  }

  @Test
  @DisplayName("an entry whose certificate never arrived counts against the quota")
  void counts_what_was_not_delivered() throws Exception {
    Station small = line.station("small", 1);
    Station saved = station;
    station = small;
    beginAndDie("a", KilledAfter.LEDGER);
    station = saved;

    assertThat(
            catchThrowableOfType(
                    StationRefusedException.class, () -> line.provision(line.open("small"), "b"))
                .reason())
        .isEqualTo(Reason.QUOTA_SPENT);
    line.provision(line.open("small"), "a");
  }

  @Test
  @DisplayName("takes the key that the line put there, and leaves no second copy of it")
  void takes_a_key_that_is_there() throws Exception {
    SigningKey key = TestLine.key();
    line.putKey("a", key);

    HubIdentity hub = line.provision(station, "a").identity();

    assertThat(hub.keyHash()).isEqualTo(Sha256.of(key.publicKey().getEncoded()));
    assertThat(line.path("a").resolve("hub.key")).doesNotExist();
  }

  @Test
  @DisplayName("refuses a published key, and what is no key (B16)")
  void refuses_published_keys() throws Exception {
    // RFC 6979 A.2.5
    var scalar =
        new BigInteger("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", 16);
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    byte[] pkcs8 =
        KeyFactory.getInstance("EC")
            .generatePrivate(
                new ECPrivateKeySpec(scalar, curve.getParameterSpec(ECParameterSpec.class)))
            .getEncoded();
    line.putKey(
        "a",
        SigningKey.parsePem(
            "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder().encodeToString(pkcs8)
                + "\n-----END PRIVATE KEY-----\n"));

    var refused =
        catchThrowableOfType(StationRefusedException.class, () -> line.provision(station, "a"));

    assertThat(refused.reason()).isEqualTo(Reason.BAD_KEY);
    assertThat(refused).hasMessageContaining("published").hasMessageContaining("hub.key");
    Files.writeString(line.path("a").resolve("hub.key"), "no key");
    assertThatThrownBy(() -> line.provision(station, "a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("hub.key")
        .hasMessageContaining("remove it");
    assertThat(station.issued()).isZero();
  }

  @Test
  @DisplayName("refuses a hub that has its identity, and one that runs")
  void refuses_a_hub_that_is_made() throws Exception {
    HubIdentity hub = line.provision(station, "a").identity();

    var refused =
        catchThrowableOfType(StationRefusedException.class, () -> line.provision(station, "a"));

    assertThat(refused.reason()).isEqualTo(Reason.PROVISIONED);
    assertThat(refused).hasMessageContaining(hub.id().toString());
    StateDirectory running = StateDirectory.open(line.path("b"));
    try {
      assertThatThrownBy(() -> line.provision(station, "b"))
          .isInstanceOf(StateDirectory.InUseException.class);
    } finally {
      running.close();
    }
    assertThat(station.issued()).isEqualTo(1);
  }

  @Test
  @DisplayName("a label is for an owner, after the button, and each hub's own")
  void makes_a_label() throws Exception {
    HubIdentity one = line.provision(station, "a").identity();
    HubIdentity two = line.provision(station, "b").identity();

    PairingCode code = one.labelCode();
    assertThat(code.place()).isEqualTo(PairingCode.Place.PRINTED);
    assertThat(code.needsButton()).isTrue();
    assertThat(code.role()).isEqualTo(Role.OWNER);
    assertThat(code.hub()).isEqualTo(one.id());
    assertThat(code.hubKey()).isEqualTo(one.keyHash());
    assertThat(one.label()).isNotEqualTo(two.label());
  }

  @Test
  @DisplayName(
      "a new key keeps the id and the serial, is announced by the old one, voids the label")
  void replaces_a_key() throws Exception {
    HubIdentity first = line.provision(station, "a").identity();
    HubIdentity second = line.replaceKey(station, "a").identity();
    Station otherLine = line.station("other", 5);
    HubIdentity third = line.replaceKey(otherLine, "a").identity();

    assertThat(List.of(second.id(), third.id())).containsOnly(first.id());
    assertThat(List.of(second.serial(), third.serial())).containsOnly(first.serial());
    assertThat(List.of(first.keyHash(), second.keyHash(), third.keyHash())).doesNotHaveDuplicates();
    assertThat(second.label()).isNotEqualTo(first.label());
    assertThat(second.keyCounter()).isEqualTo(1);
    assertThat(third.keyCounter()).isEqualTo(2);
    assertThat(
            HubSuccession.follow(third.successions(), first.id(), first.publicKey(), 0)
                .orElseThrow()
                .newKey())
        .isEqualTo(third.keyHash());
    HubVerifier.ofMakers(List.of(line.root.certificate()))
        .verify(third.chain(), first.id(), third.keyHash());
    assertThat(line.identity("a").keyHash()).isEqualTo(third.keyHash());
    assertThat(StationRecord.open(line.path("st")).entries())
        .extracting(LedgerEntry::kind)
        .containsExactly(LedgerEntry.Kind.NEW_HUB, LedgerEntry.Kind.NEW_KEY);
    // and both stations beside each other are in order
    assertThat(
            StationComparison.of(
                    List.of(
                        StationRecord.open(line.path("st")),
                        StationRecord.open(line.path("other"))))
                .repeated())
        .isEmpty();
  }

  @Test
  @DisplayName("of many keys, the last 16 statements are kept")
  void keeps_sixteen_statements() throws Exception {
    Station large = line.station("large", 30);
    line.provision(large, "a");
    var hubs = new ArrayList<HubIdentity>();
    for (int i = 0; i < 18; i++) {
      hubs.add(line.replaceKey(large, "a").identity());
    }

    HubIdentity last = hubs.getLast();
    assertThat(last.successions()).hasSize(16);
    assertThat(last.keyCounter()).isEqualTo(18);
    assertThat(
            HubSuccession.follow(last.successions(), last.id(), hubs.get(1).publicKey(), 2)
                .orElseThrow()
                .newKey())
        .isEqualTo(last.keyHash());
  }

  @Test
  @DisplayName("a new key whose making was killed goes on, from the ledger and from the identity")
  void goes_on_with_a_new_key() throws Exception {
    HubIdentity old = line.provision(station, "a").identity();
    // killed after the ledger
    var keyFile = new HubKeyFile(line.path("a"), TestLine.RANDOM);
    Claim claim = keyFile.claim();
    SigningKey key = keyFile.readOrMake();
    byte[] statement = HubSuccession.sign(old.id(), key.publicKey(), 1, old.privateKey());
    Station.Issue issue = station.reissue(keyFile.request(key), old.chain(), statement, claim);
    assertThat(line.identity("a").keyHash()).isEqualTo(old.keyHash());

    try (Provisioning provisioning =
        Provisioning.of(line.path("a"), line.open("st"), TestLine.RANDOM)) {
      Provisioned made = provisioning.replaceKey(); // and killed before it could say so
      assertThat(made.number()).hasValue(issue.entry().number());
    }
    Provisioned again = line.replaceKey(line.open("st"), "a");

    assertThat(again.number()).isEqualTo(OptionalInt.empty());
    assertThat(again.identity().keyHash()).isEqualTo(issue.entry().key());
    assertThat(again.identity().keyCounter()).isEqualTo(1);
    assertThat(again.identity().label()).isEqualTo(line.identity("a").label());
    assertThat(line.open("st").issued()).isEqualTo(2);
  }

  @Test
  @DisplayName("a new key after a making that never said it was done is another key")
  void replaces_a_key_after_an_unfinished_making() throws Exception {
    beginAndDie("a", KilledAfter.IDENTITY);
    HubIdentity first = line.identity("a");

    HubIdentity second = line.replaceKey(station, "a").identity();

    assertThat(second.keyHash()).isNotEqualTo(first.keyHash());
    assertThat(second.keyCounter()).isEqualTo(1);
    assertThat(StationRecord.open(line.path("st")).delivered()).isEqualTo(2);
  }

  @Test
  @DisplayName("there is no new key for what is no hub")
  void refuses_a_new_key_for_no_hub() {
    assertThat(
            catchThrowableOfType(StationRefusedException.class, () -> line.replaceKey(station, "a"))
                .reason())
        .isEqualTo(Reason.NOT_PROVISIONED);
  }
}
