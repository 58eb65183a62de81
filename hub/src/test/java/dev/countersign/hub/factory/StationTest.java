// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.hub.factory.StationRefusedException.Reason;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A station")
final class StationTest {
  @TempDir private Path directory = Path.of("unset");
  private TestLine line = new TestLine(Path.of("unset"));

  @BeforeEach
  void makeLine() {
    line = new TestLine(directory);
  }

  private static StationRefusedException refusal(ThrowingCallable call) {
    var refused = catchThrowableOfType(StationRefusedException.class, call);
    assertThat(refused).as("refusal").isNotNull();
    assertThat(refused.advice()).isNotBlank();
    return refused;
  }

  private static Station.Issue issue(Station station) throws IOException, StationRefusedException {
    return station.issue(
        TestLine.request(TestLine.key()),
        Optional.empty(),
        Optional.empty(),
        Claim.random(TestLine.RANDOM));
  }

  @Test
  @DisplayName("certifies hubs that phones accept, under its own domain, without end")
  void makes_hubs_that_phones_accept() throws Exception {
    Station station = line.station("st", 2);
    HubIdentity hub = line.provision(station, "a").identity();

    HubVerifier.ofMakers(List.of(line.root.certificate()))
        .verify(hub.chain(), hub.id(), hub.keyHash());
    assertThat(hub.leaf().getSubjectAlternativeNames().toString())
        .contains(hub.id() + ".hub.countersign.invalid");
    assertThat(hub.serial().value()).isEqualTo(hub.id().toString());
    assertThat(hub.root()).isEqualTo(line.root.certificate());
    assertThat(line.identity("a").keyHash()).isEqualTo(hub.keyHash());
    assertThat(hub.isTrial()).isFalse();
  }

  @Test
  @DisplayName("makes as many hubs as its quota says: 500 of 500, not the 501st")
  void makes_as_many_as_its_quota_and_no_more() throws Exception {
    Station station = line.station("st", 500);
    var keys = new ArrayList<Sha256>();
    for (int i = 1; i <= 500; i++) {
      Station.Issue issue = issue(station);
      assertThat(issue.entry().number()).isEqualTo(i);
      keys.add(issue.hub().key());
    }

    StationRefusedException refused = refusal(() -> line.provision(station, "hub501"));

    assertThat(refused.reason()).isEqualTo(Reason.QUOTA_SPENT);
    assertThat(refused).hasMessageContaining("500 of 500");
    assertThat(keys).doesNotHaveDuplicates();
    StationRecord record = StationRecord.open(line.path("st"));
    record.verifyCertificates();
    assertThat(record.entries()).extracting(LedgerEntry::key).isEqualTo(keys);
    assertThat(line.path("hub501").resolve("hub.pem")).doesNotExist();
    // and not after it was opened again
    Station again = line.open("st");
    assertThat(refusal(() -> line.provision(again, "hub501")).reason())
        .isEqualTo(Reason.QUOTA_SPENT);
  }

  @Test
  @DisplayName("refuses the key of another hub, and says whose it is (B1)")
  void refuses_the_key_of_another_hub() throws Exception {
    Station station = line.station("st", 10);
    SigningKey key = TestLine.key();
    line.putKey("a", key);
    line.putKey("b", key);
    HubIdentity first = line.provision(station, "a").identity();

    StationRefusedException refused = refusal(() -> line.provision(station, "b"));

    assertThat(refused.reason()).isEqualTo(Reason.REPEATED_KEY);
    assertThat(refused)
        .hasMessageContaining(first.id().toString())
        .hasMessageContaining("number 1");
    assertThat(line.path("b").resolve("hub.pem")).doesNotExist();
    assertThat(station.issued()).isEqualTo(1);
    // nor for the first one again, if its identity is gone: then the key may be anywhere
    Files.delete(line.path("a").resolve("hub.pem"));
    line.putKey("a", key);
    assertThat(refusal(() -> line.provision(line.open("st"), "a")).reason())
        .isEqualTo(Reason.REPEATED_KEY);
  }

  @Test
  @DisplayName("refuses the serial of another hub")
  void refuses_the_serial_of_another_hub() throws Exception {
    Station station = line.station("st", 10);
    var serial = Optional.of(new DeviceSerial("SN-1"));
    station.issue(
        TestLine.request(TestLine.key()), serial, Optional.empty(), Claim.random(TestLine.RANDOM));

    StationRefusedException refused =
        refusal(() ->
            station.issue(
                TestLine.request(TestLine.key()),
                serial,
                Optional.empty(),
                Claim.random(TestLine.RANDOM)));

    assertThat(refused.reason()).isEqualTo(Reason.REPEATED_SERIAL);
    assertThat(station.issued()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hubs: 2>hubs: 999",
        "until: 2027-02-19>until: 2037-02-19",
        "domain: hub.countersign.invalid>domain: other.invalid",
        "organization: Maker & Söhne>organization: Another",
        "version 1>version 2",
        "-----END SIGNATURE-----\n>-----END SIGNATURE-----\n\n"
      })
  @DisplayName("refuses a quota in which anything was changed, when it opens and while it runs")
  void refuses_a_changed_quota(String change) throws Exception {
    Station open = line.station("st", 2);
    Path quota = line.path("st").resolve("quota");
    String[] parts = change.split(">", -1);
    String changed = Files.readString(quota).replace(parts[0], parts[1]);
    assertThat(changed).isNotEqualTo(Files.readString(quota));
    Files.writeString(quota, changed);
    // as one would who knows that the ledger begins with the quota
    Ledger.create(line.path("st"), Sha256.of(Files.readAllBytes(quota)));

    assertThat(refusal(() -> line.open("st")).reason()).isEqualTo(Reason.TAMPERED);
    assertThat(refusal(() -> line.provision(open, "a")).reason()).isEqualTo(Reason.TAMPERED);
    assertThat(line.path("a").resolve("hub.pem")).doesNotExist();
  }

  @Test
  @DisplayName("refuses the larger quota of another line, though the root signed it")
  void refuses_the_quota_of_another_line() throws Exception {
    line.make("small", 1);
    line.make("large", 1000);
    Files.copy(
        line.path("large").resolve("quota"),
        line.path("small").resolve("quota"),
        StandardCopyOption.REPLACE_EXISTING);

    StationRefusedException refused = refusal(() -> line.open("small"));

    assertThat(refused.reason()).isEqualTo(Reason.TAMPERED);
    assertThat(refused).hasMessageContaining("another station's");
  }

  @Test
  @DisplayName("refuses a quota by a root that did not certify its authority")
  void refuses_a_foreign_root() throws Exception {
    Quota ours = line.make("st", 10);
    var stranger = new TestLine(directory);
    Path chain = line.path("st").resolve("station.pem");
    String both = Files.readString(chain);
    String end = "-----END CERTIFICATE-----\n";
    Files.writeString(
        chain,
        both.substring(0, both.indexOf(end) + end.length())
            + Certificates.toPem(stranger.root.certificate()));
    var larger =
        new Quota(
            ours.station(),
            ours.name(),
            Quota.MAX_HUBS,
            ours.until(),
            ours.domain(),
            ours.organization(),
            ours.enterpriseNumber(),
            ours.authority());
    byte[] signed = SignedQuota.sign(larger, stranger.rootKey, TestLine.RANDOM);
    Files.write(line.path("st").resolve("quota"), signed);
    Ledger.create(line.path("st"), Sha256.of(signed));

    StationRefusedException refused = refusal(() -> line.open("st"));

    assertThat(refused.reason()).isEqualTo(Reason.TAMPERED);
    assertThat(refused).hasMessageContaining("the root did not sign the authority");
  }

  @Test
  @DisplayName(
      "makes nothing after its end, nor before its beginning, and says what if the clock errs")
  void refuses_outside_its_time() throws Exception {
    Station station = line.station("st", 10);
    for (Instant wrong :
        List.of(
            TestLine.UNTIL,
            TestLine.UNTIL.plusSeconds(1),
            Instant.EPOCH,
            TestLine.BEGIN.minus(Duration.ofDays(1)))) {
      line.clock.set(wrong);
      StationRefusedException refused = refusal(() -> line.provision(station, "a"));
      assertThat(refused.reason()).isEqualTo(Reason.NOT_ITS_TIME);
      assertThat(refused.advice()).contains("clock");
    }
    line.clock.set(TestLine.UNTIL.minusSeconds(1));
    line.provision(station, "a");
  }

  @Test
  @DisplayName("does not go back in time behind the last hub it made")
  void ignores_a_clock_that_was_set_back() throws Exception {
    Station station = line.station("st", 10);
    line.clock.set(TestLine.UNTIL.minusSeconds(1));
    line.provision(station, "a");
    line.clock.set(TestLine.BEGIN);

    line.provision(station, "b");

    assertThat(StationRecord.open(line.path("st")).entries().getLast().at())
        .isEqualTo(TestLine.UNTIL.minusSeconds(1));
  }

  @Test
  @DisplayName("makes hubs below its domain alone")
  void keeps_to_its_domain() throws Exception {
    Station station = line.station("st", 10);

    StationRefusedException refused =
        refusal(() ->
            station.issue(
                TestLine.request(TestLine.key()),
                Optional.empty(),
                Optional.of(new ServerName.Dns("gateway.example")),
                Claim.random(TestLine.RANDOM)));

    assertThat(refused.reason()).isEqualTo(Reason.DOMAIN);
    assertThat(station.issued()).isZero();
  }

  @Test
  @DisplayName("certifies keys of P-256 alone, by which a hub can announce the next")
  void refuses_other_kinds_of_keys() throws Exception {
    Station station = line.station("st", 10);
    for (KeyKind kind : List.of(KeyKind.P384, KeyKind.RSA_2048)) {
      line.putKey("a", SigningKey.generate(kind, TestLine.RANDOM));
      assertThat(refusal(() -> line.provision(station, "a")).reason()).isEqualTo(Reason.BAD_KEY);
    }
    assertThat(station.issued()).isZero();
  }

  @Test
  @DisplayName("certifies another key of a hub only for who has its old key")
  void refuses_a_new_key_without_the_old_one() throws Exception {
    Station station = line.station("st", 10);
    HubIdentity hub = line.provision(station, "a").identity();
    HubIdentity other = line.provision(station, "b").identity();
    SigningKey thief = TestLine.key();
    byte[] byThief = HubSuccession.sign(hub.id(), thief.publicKey(), 1, thief.privateKey());
    byte[] byOther = HubSuccession.sign(hub.id(), thief.publicKey(), 1, other.privateKey());
    byte[] forAnother =
        HubSuccession.sign(hub.id(), TestLine.key().publicKey(), 1, hub.privateKey());

    for (byte[] statement : List.of(byThief, byOther, forAnother)) {
      assertThat(
              refusal(() ->
                      station.reissue(
                          TestLine.request(thief),
                          hub.chain(),
                          statement,
                          Claim.random(TestLine.RANDOM)))
                  .reason())
          .isEqualTo(Reason.NOT_PROVISIONED);
    }
    assertThat(station.issued()).isEqualTo(2);
  }

  @Test
  @DisplayName("gives no new key to a hub of another maker, trial hubs among them")
  void refuses_a_new_key_for_a_foreign_hub() throws Exception {
    Station station = line.station("st", 10);
    Files.createDirectories(line.path("trial"));
    TrialMaker.provision(new HubIdentityFile(line.path("trial")), TestLine.BEGIN, TestLine.RANDOM);

    assertThat(refusal(() -> line.replaceKey(station, "trial")).reason())
        .isEqualTo(Reason.NOT_PROVISIONED);
    assertThat(station.issued()).isZero();
  }

  @Test
  @DisplayName("lets in one at a time: many threads get the quota, and different numbers")
  void serves_many_at_once() throws Exception {
    Station station = line.station("st", 20);
    List<Callable<Boolean>> attempts =
        IntStream.range(0, 30)
            .<Callable<Boolean>>mapToObj(i ->
                () -> {
                  try {
                    line.provision(station, "hub" + i);
                    return true;
                  } catch (StationRefusedException e) {
                    return false;
                  }
                })
            .toList();
    int made = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> attempt : threads.invokeAll(attempts)) {
        made += attempt.get() ? 1 : 0;
      }
    }

    assertThat(made).isEqualTo(20);
    List<LedgerEntry> entries = StationRecord.open(line.path("st")).entries();
    assertThat(entries).extracting(LedgerEntry::number).doesNotHaveDuplicates().hasSize(20);
    assertThat(entries).extracting(LedgerEntry::key).doesNotHaveDuplicates();
    assertThat(entries).extracting(LedgerEntry::hub).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("is made once, for its owner alone, within the limits of its certificate")
  void is_made_once() throws Exception {
    Quota quota = line.make("st", 10);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(line.path("st"))))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(line.path("st").resolve("station.key"))))
        .isEqualTo("rw-------");
    StationRecord record = StationRecord.open(line.path("st"));
    assertThat(record.quota()).isEqualTo(quota);
    assertThat(record.authority().getNotAfter().toInstant()).isEqualTo(TestLine.UNTIL);
    assertThat(record.authority().getBasicConstraints()).isZero();
    assertThat(record.authority().getIssuerX500Principal())
        .isEqualTo(line.root.certificate().getSubjectX500Principal());
    assertThatThrownBy(() -> line.make("st", 10))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exists already");
    for (int wrong : new int[] {0, -1, Quota.MAX_HUBS + 1}) {
      assertThatThrownBy(() -> line.make("other", wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("quota");
    }
    assertThat(line.path("other")).doesNotExist();
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(line.path("st"));
    }
  }

  @Test
  @DisplayName("shows what it made without its key, and makes nothing without it")
  void comes_back_without_its_key() throws Exception {
    Station station = line.station("st", 10);
    line.provision(station, "a");
    Files.delete(line.path("st").resolve("station.key"));

    StationRecord record = StationRecord.open(line.path("st"));

    record.verifyCertificates();
    assertThat(record.entries()).hasSize(1);
    assertThatThrownBy(() -> line.open("st"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("station.key is missing");
  }

  @Test
  @DisplayName("two lines that got one key are found when their ledgers are compared")
  void comparison_finds_a_key_in_two_lines() throws Exception {
    Station one = line.station("one", 10);
    Station two = line.station("two", 10);
    SigningKey key = TestLine.key();
    line.putKey("a", key);
    line.putKey("b", key);
    HubIdentity first = line.provision(one, "a").identity();
    line.provision(two, "c");
    StationRecord record = StationRecord.open(line.path("one"));
    assertThat(
            StationComparison.of(List.of(record, StationRecord.open(line.path("two")))).repeated())
        .isEmpty();
    HubIdentity second = line.provision(two, "b").identity();

    List<String> repeated =
        StationComparison.of(List.of(record, StationRecord.open(line.path("two")))).repeated();

    assertThat(repeated)
        .singleElement()
        .asString()
        .contains(first.id().toString(), second.id().toString(), first.keyHash().hex());
    assertThat(StationComparison.of(List.of(record, record)).repeated()).isEmpty();
  }
}
