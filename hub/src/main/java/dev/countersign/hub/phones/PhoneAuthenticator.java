// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import dev.countersign.hub.time.HubTime;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Says who a connection is by the certificate it proved. The list decides, not the chain: what is
 * not on it is nobody, whoever signed it. No date in a certificate is looked at.
 */
public final class PhoneAuthenticator {
  private final Phones phones;
  private final HubTime time;

  public PhoneAuthenticator(Phones phones, HubTime time) {
    this.phones = phones;
    this.time = time;
  }

  /** Who a peer is. */
  public sealed interface Verdict {
    record Known(AuthenticatedPhone phone) implements Verdict {}

    /** On the list, and its time is over, or nobody can tell whether it is. */
    record Lapsed(boolean certainly) implements Verdict {}

    record Stranger() implements Verdict {}
  }

  /**
   * Judges the certificate of a connection, on each of its requests.
   *
   * @param proven the certificate whose key the peer showed to have in the handshake
   */
  public Verdict judge(X509Certificate proven) {
    Sha256 key = Certificates.keyHash(proven);
    Optional<Phone> found = phones.find(key);
    // The key would be enough; a second certificate for it is still not the one that was issued.
    if (found.isEmpty() || !found.get().certificate().equals(Certificates.fingerprint(proven))) {
      return new Verdict.Stranger();
    }
    Phone phone = found.get();
    if (isLapsed(phone)) {
      return new Verdict.Lapsed(!time.floor().isBefore(phone.expires().orElseThrow()));
    }
    phones.seen(phone, time.now());
    return new Verdict.Known(new AuthenticatedPhone(phone));
  }

  /** Whether its time is over, or nobody can tell: a guest's end means nothing without a time. */
  public boolean isLapsed(Phone phone) {
    return phone.expires().filter(end -> !time.isCertainlyBefore(end)).isPresent();
  }
}
