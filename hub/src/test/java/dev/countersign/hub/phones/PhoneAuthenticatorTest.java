// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.phones.PhoneAuthenticator.Verdict;
import dev.countersign.hub.time.HubTime;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Who a connection is")
class PhoneAuthenticatorTest {
  private static final Instant END = TestPhones.BEGIN.plus(Duration.ofDays(1));

  @TempDir private Path directory = Path.of("");
  private final AtomicLong nanos = new AtomicLong();
  private final KeyPair keys = newKeys();
  private final HubTime time = new HubTime(TestPhones.BEGIN, nanos::get);
  private Phones phones;
  private PhoneAuthenticator authenticator;

  @BeforeEach
  void open() throws IOException {
    phones = TestPhones.open(directory.resolve("phones.json"));
    authenticator = new PhoneAuthenticator(phones, time);
  }

  private static KeyPair newKeys() {
    SigningKey key = SigningKey.generate(KeyKind.P256, TestPhones.RANDOM);
    return new KeyPair(key.publicKey(), key.privateKey());
  }

  private X509Certificate issue(KeyPair pair) throws Exception {
    VerifiedRequest request =
        VerifiedRequest.verify(CertificateRequest.create(pair), KeyPolicy.standard());
    return phones.state().authority().issue(request, "phone", TestPhones.BEGIN);
  }

  private X509Certificate listed(Role role, Optional<Instant> expires) throws Exception {
    X509Certificate certificate = issue(keys);
    phones.add(
        new Phone(
            Certificates.fingerprint(certificate),
            Certificates.keyHash(certificate),
            "phone",
            role,
            Phone.Status.ACTIVE,
            1,
            Optional.empty(),
            Optional.empty(),
            expires));
    return certificate;
  }

  @Test
  @DisplayName("the list decides: a certificate of the hub's own authority alone is nobody's")
  void list_decides() throws Exception {
    assertThat(authenticator.judge(issue(newKeys()))).isEqualTo(new Verdict.Stranger());
    X509Certificate certificate = listed(Role.USER, Optional.empty());
    assertThat(authenticator.judge(certificate)).isInstanceOf(Verdict.Known.class);
    phones.remove(phones.all().getFirst());
    assertThat(authenticator.judge(certificate)).isEqualTo(new Verdict.Stranger());
  }

  @Test
  @DisplayName("another certificate for a key on the list is nobody's")
  void another_certificate() throws Exception {
    listed(Role.USER, Optional.empty());
    assertThat(authenticator.judge(issue(keys))).isEqualTo(new Verdict.Stranger());
  }

  @Test
  @DisplayName("a guest with an end comes in only while the time is known and before that end")
  void guests() throws Exception {
    X509Certificate guest = listed(Role.GUEST, Optional.of(END));
    assertThat(authenticator.judge(guest)).isEqualTo(new Verdict.Lapsed(false));
    time.told(END.minusSeconds(1));
    assertThat(authenticator.judge(guest)).isInstanceOf(Verdict.Known.class);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
    assertThat(authenticator.judge(guest)).isInstanceOf(Verdict.Known.class);
    nanos.addAndGet(1);
    assertThat(authenticator.judge(guest)).isEqualTo(new Verdict.Lapsed(true));
    assertThat(authenticator.isLapsed(phones.all().getFirst())).isTrue();
  }

  @Test
  @DisplayName("a guest without an end comes in whether the time is known or not")
  void guests_without_end() throws Exception {
    assertThat(authenticator.judge(listed(Role.GUEST, Optional.empty())))
        .isInstanceOf(Verdict.Known.class);
  }

  @Test
  @DisplayName("a guest whose end has passed for certain is told so, also without a time")
  void certainly_over() throws Exception {
    X509Certificate guest = listed(Role.GUEST, Optional.of(TestPhones.BEGIN));
    assertThat(authenticator.judge(guest)).isEqualTo(new Verdict.Lapsed(true));
  }

  @Test
  @DisplayName("when a phone was here is noted while the time is known")
  void last_seen() throws Exception {
    X509Certificate certificate = listed(Role.USER, Optional.empty());
    authenticator.judge(certificate);
    assertThat(phones.all().getFirst().lastSeen()).isEmpty();
    time.told(END);
    authenticator.judge(certificate);
    assertThat(phones.all().getFirst().lastSeen()).contains(END);
  }
}
