// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import dev.countersign.server.ledger.CertificateQuery;
import dev.countersign.server.ledger.CertificateSearch;
import dev.countersign.server.ledger.CertificateState;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Certificates that end before anything replaces them. */
public final class ExpiryAttention implements AttentionSource {
  private static final Duration SOON = Duration.ofDays(30);

  /** To plan and to carry out the change of an authority in a fleet takes its time. */
  private static final Duration AUTHORITY_SOON = Duration.ofDays(365);

  /** Renewal begins 30 days before the end. */
  private static final Duration RENEWAL_LATE = Duration.ofDays(15);

  private static final int MAX_COUNTED = 1000;

  private final Map<String, X509Certificate> authorities;
  private final Supplier<Instant> serverCertificateEnds;
  private final CertificateSearch certificates;
  private final Clock clock;

  /**
   * @param authorities by name
   */
  public ExpiryAttention(
      Map<String, X509Certificate> authorities,
      Supplier<Instant> serverCertificateEnds,
      CertificateSearch certificates,
      Clock clock) {
    this.authorities = Map.copyOf(authorities);
    this.serverCertificateEnds = serverCertificateEnds;
    this.certificates = certificates;
    this.clock = clock;
  }

  @Override
  public List<Attention> look() {
    Instant now = clock.instant();
    var found = new ArrayList<Attention>();
    authorities.forEach((name, authority) -> {
      Instant end = authority.getNotAfter().toInstant();
      if (end.isBefore(now.plus(AUTHORITY_SOON))) {
        found.add(new Attention("authority-ends", name + " ends " + end, "plan its replacement"));
      }
    });
    Instant serverEnd = serverCertificateEnds.get();
    if (serverEnd.isBefore(now.plus(RENEWAL_LATE))) {
      found.add(
          new Attention(
              "server-certificate-ends",
              "the server certificate ends " + serverEnd + " and was not renewed",
              "see the log for server_certificate and maintenance"));
    }
    int ending = countEnding(now);
    if (ending > 0) {
      found.add(
          new Attention(
              "certificates-end",
              (ending == MAX_COUNTED ? "at least " : "")
                  + ending
                  + " certificates in use end within 30 days, or have ended",
              "'certificate list --expiring 30d'"));
    }
    return found;
  }

  private int countEnding(Instant now) {
    return certificates
        .search(
            new CertificateQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.of(now.plus(SOON)),
                Optional.of(CertificateState.ACTIVE),
                0,
                MAX_COUNTED))
        .size();
  }
}
