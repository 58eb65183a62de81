// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.MutableClock;
import dev.countersign.server.audit.InMemoryAuditLog;
import dev.countersign.server.database.InMemoryDatabase;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** Accounts over stores in memory, and relays that know their secrets. */
public final class TestRelays {
  public final MutableClock clock = new MutableClock(Instant.parse("2026-11-21T12:00:00Z"));
  public final InMemoryDatabase database = new InMemoryDatabase();
  public final InMemoryRelays relays = new InMemoryRelays();
  public final InMemoryAuditLog audit = new InMemoryAuditLog();
  final AesRelayWrapping wrapping;
  public final RelayAccounts accounts;
  public final RelayGate gate;

  public TestRelays() {
    this(1000);
  }

  TestRelays(int maxDeliveries) {
    var random = new SecureRandom();
    wrapping = new AesRelayWrapping(new byte[32], random);
    accounts = new RelayAccounts(database, relays, audit, wrapping, clock, random);
    gate =
        new RelayGate(
            accounts,
            wrapping,
            random,
            maxDeliveries,
            clock,
            () -> clock.instant().getEpochSecond() * 1_000_000_000L);
  }

  /** Adds a relay, and returns its secret. */
  public RelaySecret add(String name, RelayMode mode) {
    return add(new NewRelay(name, mode, "o", false));
  }

  public RelaySecret add(NewRelay relay) {
    return ((RelayAccounts.Addition.Added) accounts.add(relay, "operator:anna")).secret();
  }

  /** The header that a relay sends with this body, now. */
  public String sign(RelaySecret secret, String relay, String delivery, String body) {
    return signature(secret, clock.instant().getEpochSecond(), delivery, "/hook/" + relay, body);
  }

  /** A relay that just delivered something. */
  public AuthenticatedRelay authenticated(String name, RelaySecret secret) {
    String signature = sign(secret, name, "first", "");
    return ((RelayVerdict.Admitted) gate.judge(signed(name, signature, ""))).relay();
  }

  static String signature(
      RelaySecret secret, long seconds, String delivery, String path, String body) {
    byte[] signed = RelaySignature.signed(seconds, delivery, path, Sha256.of(body.getBytes(UTF_8)));
    return new RelaySignature(seconds, delivery, secret.hmac(signed)).value();
  }

  /** The header of a relay that can only send a fixed one. */
  public static String bearer(RelaySecret secret) {
    return "Bearer " + secret.text(SecretAccess.insecure());
  }

  static RelayDelivery signed(String relay, String signature, String body) {
    return new RelayDelivery(
        relay, "/hook/" + relay, Optional.of(signature), Optional.empty(), body.getBytes(UTF_8));
  }

  static RelayDelivery fixed(String relay, String authorization, String body) {
    return new RelayDelivery(
        relay,
        "/hook/" + relay,
        Optional.empty(),
        Optional.of(authorization),
        body.getBytes(UTF_8));
  }
}
