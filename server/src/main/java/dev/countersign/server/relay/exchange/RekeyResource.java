// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.Rekey;
import dev.countersign.server.database.Database;
import dev.countersign.server.registry.Device;
import dev.countersign.server.secrets.SharedSecrets;
import dev.countersign.server.secrets.StoredSecret;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET k} and {@code POST k}: the next generation of a device's key (docs/protocol.md §2).
 * Both generations count until a message verifies under the new one.
 *
 * <p>An offer is in memory for ten minutes; it is the same until then, so that a lost answer costs
 * nothing, and after a restart the device asks for another.
 */
final class RekeyResource implements Resource {
  private static final Duration OFFER_LIFE = Duration.ofMinutes(10);
  private static final int MAX_OFFERS = 10_000;

  /** For a device without elliptic curves. */
  private static final String WITHOUT_CURVES = "x=1";

  private static final int SECRET_BYTES = 32;

  /**
   * What the server offered.
   *
   * @param pair null for a device without elliptic curves
   * @param content public key, or the secret itself
   */
  @SuppressWarnings("ArrayRecordComponent") // kept, never compared
  private record Offer(int generation, @Nullable EphemeralKey pair, byte[] content) {}

  private final Database database;
  private final SharedSecrets secrets;
  private final SecureRandom random;
  private final Clock clock;
  private final Cache<Long, Offer> offers;

  RekeyResource(
      Database database, SharedSecrets secrets, SecureRandom random, Clock clock, Ticker nanoTime) {
    this.database = database;
    this.secrets = secrets;
    this.random = random;
    this.clock = clock;
    this.offers =
        Caffeine.newBuilder()
            .maximumSize(MAX_OFFERS)
            .expireAfterWrite(OFFER_LIFE)
            .ticker(nanoTime)
            .build();
  }

  @Override
  public boolean needsFreshness(int code) {
    return true;
  }

  @Override
  public boolean acts(int code) {
    return true;
  }

  @Override
  public Effect answer(Asked asked) throws MalformedException {
    int next = asked.context().generation() + 1;
    if (next > KeyId.MAX_GENERATION) {
      return Effect.refused(CoapCode.FORBIDDEN, "this was the last generation");
    }
    return switch (asked.message().code()) {
      case CoapCode.GET -> offer(asked, next);
      case CoapCode.POST -> accept(asked, Rekey.decode(asked.body()));
      default -> Effect.of(CoapCode.METHOD_NOT_ALLOWED);
    };
  }

  private Effect offer(Asked asked, int next) throws MalformedException {
    String query = asked.message().query();
    if (!query.isEmpty() && !query.equals(WITHOUT_CURVES)) {
      throw new MalformedException("query", "expected x=1 or nothing");
    }
    boolean curves = query.isEmpty();
    Offer offer =
        offers
            .asMap()
            .compute(
                asked.device().id(),
                (_, before) ->
                    before != null
                            && before.generation() == next
                            && (before.pair() != null) == curves
                        ? before
                        : newOffer(next, curves));
    return new Effect.Answered(
        InnerMessage.of(CoapCode.CONTENT)
            .withContentFormat(InnerMessage.CBOR)
            .withBody(new Rekey(next, offer.content()).encode()));
  }

  private Offer newOffer(int generation, boolean curves) {
    if (curves) {
      EphemeralKey pair = EphemeralKey.generate(random);
      return new Offer(generation, pair, pair.point());
    }
    var secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new Offer(generation, null, secret);
  }

  private Effect accept(Asked asked, Rekey reply) throws MalformedException {
    Offer offer = offers.getIfPresent(asked.device().id());
    if (offer == null || offer.generation() != reply.generation()) {
      return Effect.refused(CoapCode.CONFLICT, "no such offer: GET k first");
    }
    byte[] shared = shared(offer, reply.content());
    try {
      store(asked, offer, shared);
    } finally {
      Arrays.fill(shared, (byte) 0);
    }
    return Effect.of(CoapCode.CHANGED);
  }

  private static byte[] shared(Offer offer, byte[] reply) throws MalformedException {
    EphemeralKey pair = offer.pair();
    if (pair != null) {
      byte[] x = pair.agree(reply);
      try {
        return Rekey.shared(x, offer.content(), reply);
      } finally {
        Arrays.fill(x, (byte) 0);
      }
    }
    if (reply.length != 0) {
      throw new MalformedException("key", "expected none, as the offer was a secret");
    }
    return offer.content().clone();
  }

  /** Once more for the same offer, it comes to the same key. */
  private void store(Asked asked, Offer offer, byte[] shared) {
    Device device = asked.device().device();
    database.<@Nullable Void, RuntimeException>write(tx -> {
      List<StoredSecret> live = secrets.ofDevice(tx, device.id());
      for (StoredSecret unconfirmed : live) {
        if (unconfirmed.generation() >= offer.generation()) {
          secrets.remove(tx, device.id(), unconfirmed.generation());
        }
      }
      for (StoredSecret present : live) {
        if (present.generation() == asked.context().generation()) {
          var how =
              new SharedSecrets.NewSecret(
                  present.kind(),
                  present.algorithm(),
                  present.exposed(), // who knows the old key and was there may know the new one
                  offer.pair() == null);
          try (DeviceKey old = secrets.open(device, present);
              DeviceKey key = old.next(shared)) {
            secrets.add(tx, device, offer.generation(), key, how, clock.instant());
          }
        }
      }
      return null;
    });
  }
}
