// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.hub.phones.PhoneAuthenticator;
import dev.countersign.hub.phones.PhoneAuthenticator.Verdict;
import dev.countersign.hub.phones.Phones;
import dev.countersign.hub.time.HubTime;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The room where a hub stands: its pairing without a network, and a clock that the test turns. */
final class Room {
  static final int MAX_PHONES = 6;
  static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");
  static final SecureRandom RANDOM = new SecureRandom();

  /** Whose it is does not matter here: phones judge it. */
  private static final X509Certificate MAKER = maker();

  /** Where System.nanoTime() begins is up to the platform: also shortly before it overflows. */
  private final AtomicLong nanos =
      new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());

  private final List<String> heard = new ArrayList<>();
  private final HubKeys keys =
      new HubKeys(
          HubId.random(RANDOM),
          Sha256.of(new byte[1]),
          List.of(MAKER, MAKER),
          PairingSecret.random(RANDOM));
  private final Path file;
  private Phones phones;
  private HubTime time;
  private Pairing pairing;

  Room(Path directory) throws IOException {
    file = directory.resolve("phones.json");
    phones = Phones.open(file, keys.id(), BEGIN, RANDOM);
    time = new HubTime(BEGIN, nanos::get);
    pairing = begin();
  }

  private static X509Certificate maker() {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);
    return CertificateAuthority.createRoot("Test Root", "Test", key, BEGIN, RANDOM).certificate();
  }

  private Pairing begin() {
    var begun = new Pairing(keys, phones, time, MAX_PHONES, RANDOM, nanos::get);
    begun.listen(
        new PairingListener() {
          @Override
          public void opened() {
            heard.add("opened");
          }

          @Override
          public void failed(int failures) {
            heard.add("failed " + failures);
          }

          @Override
          public void burned() {
            heard.add("burned");
          }

          @Override
          public void closed(int failures) {
            heard.add("closed " + failures);
          }
        });
    begun.openAtFirstBoot();
    return begun;
  }

  /** The power fails and comes back: nothing is left but the file. */
  void restart() throws IOException {
    phones = Phones.open(file, keys.id(), BEGIN, RANDOM);
    time = new HubTime(phones.state().timeFloor().orElse(BEGIN), nanos::get);
    pairing = begin();
  }

  void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  Pairing pairing() {
    return pairing;
  }

  Phones phones() {
    return phones;
  }

  HubKeys keys() {
    return keys;
  }

  Path file() {
    return file;
  }

  /** What owners were told, in order. */
  List<String> heard() {
    return heard;
  }

  /** The code on the screen. */
  PairingCode shown() {
    return pairing.screen().orElseThrow().code();
  }

  /** The phone on the list that a visitor has become. */
  AuthenticatedPhone known(Visitor visitor) {
    return judge(visitor).orElseThrow();
  }

  Optional<AuthenticatedPhone> judge(Visitor visitor) {
    return new PhoneAuthenticator(phones, time).judge(visitor.certificate())
            instanceof Verdict.Known(AuthenticatedPhone phone)
        ? Optional.of(phone)
        : Optional.empty();
  }

  /** An owner, by the screen at first boot. */
  Visitor owner() throws Exception {
    return paired("owner", shown());
  }

  /** Somebody whom a phone invites. */
  Visitor invited(Visitor by, Role role) throws Exception {
    return paired(role.wireName(), invitation(by, role));
  }

  PairingCode invitation(Visitor by, Role role) {
    return pairing.invite(terms(by, Terms.Occasion.ADDITION, role)).orElseThrow();
  }

  PairingCode transfer(Visitor by) {
    return pairing.invite(terms(by, Terms.Occasion.TRANSFER, Role.OWNER)).orElseThrow();
  }

  PairingCode card(Visitor by) throws IOException {
    return pairing.newRecoveryCard(known(by)).orElseThrow();
  }

  private Terms terms(Visitor by, Terms.Occasion occasion, Role role) {
    return new Terms(occasion, role, Optional.of(known(by).phone().id()), Optional.empty());
  }

  Visitor paired(String name, PairingCode code) throws Exception {
    var visitor = new Visitor(this, name);
    if (!(visitor.scan(code) instanceof PairingDecision.Granted)
        || !(visitor.confirm() instanceof Pairing.Confirmation.Active)) {
      throw new AssertionError(name + " was not paired");
    }
    return visitor;
  }
}
