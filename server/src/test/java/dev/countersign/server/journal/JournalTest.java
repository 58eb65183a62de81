// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.TestHouse;
import dev.countersign.server.database.Database;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final String ADDRESS = "192.0.2.7";
  private static final JournalLimits LIMITS = new JournalLimits(5, 3, 100, 4, Duration.ofDays(90));

  private final InMemoryJournalStore store = new InMemoryJournalStore();
  private TestHouse house;
  private Journal journal;

  @BeforeEach
  void furnish() throws Exception {
    house = new TestHouse();
    journal = journal(house.database);
  }

  private Journal journal(Database database) {
    return new Journal(
        new Journal.Stores(database, store, house.devices, house.ledger), LIMITS, house.clock);
  }

  private void note(Reason reason, Claim claim) {
    note(reason, "", claim);
  }

  private void note(Reason reason, String detail, Claim claim) {
    journal.note(new Attempt("device-https", ADDRESS, reason, detail, claim));
  }

  private List<JournalEntry> of(String serial) {
    return journal.ofDevice(new DeviceSerial(serial), 100).orElseThrow();
  }

  @Test
  @DisplayName("a certificate that we issued, whose key the peer holds, proves its device")
  void issued_certificate_proves() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());
    note(Reason.REVOKED, Claim.holding(List.of(certificate)));

    assertThat(of("SN-1"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.attribution()).isEqualTo(Attribution.PROVEN);
          assertThat(entry.attempt().claim().serial()).contains(new DeviceSerial("SN-1"));
          assertThat(entry.advice()).contains("device add SN-1");
        });
  }

  @Test
  @DisplayName("a stranger's certificate with a device's name is a claim")
  void foreign_certificate_claims() throws Exception {
    house.register("SN-1");
    var stranger = new TestHouse();
    X509Certificate certificate = stranger.enrol("SN-1", stranger.newKey());
    note(Reason.FOREIGN_CERTIFICATE, Claim.holding(List.of(certificate)));

    assertThat(of("SN-1"))
        .singleElement()
        .extracting(JournalEntry::attribution)
        .isEqualTo(Attribution.CLAIMED);
  }

  @Test
  @DisplayName("a certificate that was shown without its key proves nothing")
  void shown_certificate_claims() throws Exception {
    KeyPair key = house.newKey();
    X509Certificate certificate = house.enrol("SN-1", key);
    note(Reason.CERTIFICATE_NOT_PROVEN, Claim.presenting(certificate));

    assertThat(of("SN-1"))
        .singleElement()
        .extracting(JournalEntry::attribution)
        .isEqualTo(Attribution.CLAIMED);
  }

  @Test
  @DisplayName("a name that nobody registered, and no name at all, belong to nobody")
  void strangers_are_unattributed() {
    note(Reason.UNKNOWN_SERIAL, Claim.named("SN-404"));
    note(Reason.NOT_TLS, Claim.NONE);
    note(Reason.UNKNOWN_SERIAL, Claim.named("no serial\nat all"));

    assertThat(journal.unattributed(100))
        .hasSize(3)
        .allSatisfy(entry -> assertThat(entry.attribution()).isEqualTo(Attribution.UNATTRIBUTED))
        .anySatisfy(entry ->
            assertThat(entry.attempt().claim().serial()).contains(new DeviceSerial("SN-404")));
    assertThat(journal.ofDevice(new DeviceSerial("SN-404"), 10)).isEmpty();
  }

  @Test
  @DisplayName("strangers' claims push out claims, never what is proven")
  void claims_do_not_displace_proofs() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());
    note(Reason.CERTIFICATE_EXPIRED, Claim.holding(List.of(certificate)));
    for (int i = 0; i < 20; i++) {
      house.clock.advance(Duration.ofSeconds(1));
      note(Reason.WRONG_TOKEN, "guess " + i, Claim.named("SN-1"));
      journal.flush();
    }

    assertThat(of("SN-1"))
        .hasSize(LIMITS.maxPerDevice() + 1)
        .anySatisfy(entry -> assertThat(entry.attribution()).isEqualTo(Attribution.PROVEN));
  }

  @Test
  @DisplayName("memory and table are bounded whatever strangers do; the counts stay right")
  void is_bounded() {
    for (int i = 0; i < 1000; i++) {
      note(Reason.NOT_TLS, "stranger " + i, Claim.NONE);
    }

    assertThat(journal.unattributed(1000)).hasSize(LIMITS.maxUnattributed());
    assertThat(journal.dropped()).isEqualTo(1000 - LIMITS.maxPending());
    assertThat(journal.count(Reason.NOT_TLS)).isEqualTo(1000);
    assertThat(journal.count(Reason.REVOKED)).isZero();
  }

  @Test
  @DisplayName("the same attempt many times is one entry that counts")
  void counts_repetitions() {
    for (int i = 0; i < 50; i++) {
      house.clock.advance(Duration.ofSeconds(1));
      note(Reason.NO_CERTIFICATE, Claim.NONE);
    }
    assertThat(journal.unattributed(10))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.count()).isEqualTo(50);
          assertThat(Duration.between(entry.firstAt(), entry.lastAt())).hasSeconds(49);
        });
  }

  @Test
  @DisplayName("a detail can neither forge a line nor fill the table")
  void tames_details() {
    note(Reason.MALFORMED, "x\r\noutcome=stored" + "y".repeat(5000), Claim.NONE);
    assertThat(journal.unattributed(1).getFirst().attempt().detail())
        .hasSize(Attempt.MAX_DETAIL_CHARS)
        .startsWith("x??outcome");
  }

  @Test
  @DisplayName("old entries end")
  void ends() {
    note(Reason.NOT_TLS, Claim.NONE);
    journal.flush();
    house.clock.advance(LIMITS.retention().plusSeconds(1));
    journal.trim();
    assertThat(journal.unattributed(10)).isEmpty();
  }

  @Test
  @DisplayName("every reason says what to do, and has a name of its own")
  void every_reason_advises() {
    assertThat(Reason.values())
        .allSatisfy(reason -> {
          assertThat(reason.meaning()).isNotBlank();
          assertThat(reason.advice("SN-1")).hasSizeGreaterThan(20).doesNotContain("{");
          assertThat(reason.wireName()).matches("[a-z0-9-]+");
        });
    Stream<String> meanings = Arrays.stream(Reason.values()).map(Reason::meaning);
    assertThat(meanings.toList()).doesNotHaveDuplicates();
  }
}
