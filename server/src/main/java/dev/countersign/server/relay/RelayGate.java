// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.relay.RelayVerdict.Admitted;
import dev.countersign.server.relay.RelayVerdict.Refusal;
import dev.countersign.server.relay.RelayVerdict.Refused;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Finds out whether a delivery comes from the relay it names (docs/protocol.md, Relay accounts).
 * Asked before anything of the message in it is looked at. Any thread.
 *
 * <p><b>Security guarantees.</b> Whatever is wrong, the same work is done: an unknown relay is
 * compared with a secret that nobody has. Comparisons take one time. A delivery in mode {@code
 * signed} is let in once, and then again only byte for byte, within ten minutes.
 */
public final class RelayGate {
  /** How far a relay's clock may be off, either way. */
  public static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

  private static final String NOBODY = "nobody";
  private static final String BEARER = "Bearer ";

  private final RelayAccounts accounts;
  private final RelayWrapping wrapping;
  private final Clock clock;
  private final DeliveryMemory deliveries;
  private final RelayCredential.Wrapped nobodysKey;
  private final Sha256 nobodysHash;

  /**
   * A gate that has seen nothing yet.
   *
   * @param maxDeliveries how many deliveries are remembered for ten minutes
   * @param nanos a clock that only rises, as {@link System#nanoTime}
   */
  public RelayGate(
      RelayAccounts accounts,
      RelayWrapping wrapping,
      SecureRandom random,
      int maxDeliveries,
      Clock clock,
      LongSupplier nanos) {
    this.accounts = accounts;
    this.wrapping = wrapping;
    this.clock = clock;
    this.deliveries = new DeliveryMemory(maxDeliveries, nanos);
    try (RelaySecret secret = RelaySecret.generate(random)) {
      this.nobodysKey = new RelayCredential.Wrapped(wrapping.wrap(NOBODY, secret));
      this.nobodysHash = secret.hash();
    }
  }

  /** Judges one delivery. */
  public RelayVerdict judge(RelayDelivery delivery) {
    Sha256 body = Sha256.of(delivery.body());
    Optional<StoredRelay> relay = accounts.atHand(delivery.relay());
    Optional<RelaySignature> signature = delivery.signature().flatMap(RelaySignature::parse);
    Optional<String> bearer = delivery.authorization().flatMap(RelayGate::bearer);
    // Both, whatever the account's mode and whether there is one.
    boolean isSigned = isSigned(relay, delivery, signature, body);
    boolean isKnown = isKnown(relay, bearer);
    if (relay.isEmpty()) {
      return new Refused(Refusal.UNKNOWN);
    }
    RelayAccount account = relay.get().account();
    return switch (account.mode()) {
      case SIGNED ->
          signature.isEmpty()
              ? new Refused(Refusal.NOT_SIGNED)
              : signed(account, signature.get(), isSigned, body);
      case STATIC -> bearer.isEmpty() ? new Refused(Refusal.NOT_SIGNED) : fixed(account, isKnown);
    };
  }

  private RelayVerdict signed(
      RelayAccount account, RelaySignature signature, boolean isRight, Sha256 body) {
    if (!isRight) {
      return new Refused(Refusal.WRONG_SECRET);
    }
    if (account.isFrozen()) {
      return new Refused(Refusal.FROZEN);
    }
    long off = Math.abs(clock.instant().getEpochSecond() - signature.seconds());
    if (off > CLOCK_TOLERANCE.toSeconds()) {
      return new Refused(Refusal.STALE);
    }
    var delivery = Optional.of(signature.delivery());
    return switch (deliveries.note(account.id(), signature.delivery(), body)) {
      case NEW -> new Admitted(new AuthenticatedRelay(account, delivery, false));
      case SAME -> new Admitted(new AuthenticatedRelay(account, delivery, true));
      case OTHER_BODY -> new Refused(Refusal.DELIVERY_REUSED);
    };
  }

  private static RelayVerdict fixed(RelayAccount account, boolean isRight) {
    if (!isRight) {
      return new Refused(Refusal.WRONG_SECRET);
    }
    return account.isFrozen()
        ? new Refused(Refusal.FROZEN)
        : new Admitted(new AuthenticatedRelay(account, Optional.empty(), false));
  }

  private boolean isSigned(
      Optional<StoredRelay> relay,
      RelayDelivery delivery,
      Optional<RelaySignature> signature,
      Sha256 body) {
    boolean isReal =
        relay.isPresent() && relay.get().credential() instanceof RelayCredential.Wrapped;
    byte[] wrapped =
        isReal && relay.get().credential() instanceof RelayCredential.Wrapped real
            ? real.bytes()
            : nobodysKey.bytes();
    String owner = isReal ? delivery.relay() : NOBODY;
    long seconds = signature.map(RelaySignature::seconds).orElse(0L);
    String id = signature.map(RelaySignature::delivery).orElse("");
    byte[] given = signature.map(RelaySignature::mac).orElse(new byte[Sha256.BYTES]);
    try (RelaySecret secret = wrapping.unwrap(owner, wrapped)) {
      byte[] right = secret.hmac(RelaySignature.signed(seconds, id, delivery.path(), body));
      return MessageDigest.isEqual(right, given) && isReal;
    }
  }

  private boolean isKnown(Optional<StoredRelay> relay, Optional<String> bearer) {
    Sha256 right =
        relay.isPresent() && relay.get().credential() instanceof RelayCredential.Hashed hashed
            ? hashed.hash()
            : nobodysHash;
    Sha256 given = Sha256.of(bearer.orElse("").getBytes(UTF_8));
    return MessageDigest.isEqual(right.bytes(), given.bytes());
  }

  /** RFC 6750 §2.1; the scheme's case does not matter (RFC 9110 §11.1). */
  private static Optional<String> bearer(String header) {
    return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(header.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  /** For tests: after what is to be forgotten has been. */
  long rememberedDeliveries() {
    return deliveries.size();
  }
}
