// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ReleaseTime;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.LostState;
import dev.countersign.protocol.sealed.MacMessage;
import dev.countersign.protocol.sealed.OpenedRequest;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.DeviceAuthenticator;
import dev.countersign.server.credentials.Level;
import dev.countersign.server.journal.Attempt;
import dev.countersign.server.journal.Claim;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.Reason;
import dev.countersign.server.journal.RefusalReasons;
import dev.countersign.server.quota.DeviceQuotas;
import dev.countersign.server.relay.CarriedMessage;
import dev.countersign.server.relay.Diagnosis;
import dev.countersign.server.relay.Diagnosis.Finding;
import dev.countersign.server.relay.Diagnosis.Position;
import dev.countersign.server.relay.Diagnosis.Sender;
import dev.countersign.server.relay.SealedArrival;
import dev.countersign.server.relay.SealedExchanges;
import dev.countersign.server.relay.SealedReply;
import dev.countersign.server.relay.SealedReply.Kind;
import dev.countersign.server.telemetry.ReadingBatch;
import dev.countersign.server.telemetry.ReadingStore;
import dev.countersign.server.telemetry.SealedCommit;
import dev.countersign.server.telemetry.SealedOutcome;
import dev.countersign.server.telemetry.SequenceClaim;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The way of a sealed message: opened, judged, done, sealed, on disk, answered. Safe for many
 * threads.
 *
 * <p><b>Security guarantees.</b> Of all answers that are sealed under one request, one leaves: the
 * one that is on disk with the claim of the request's number. A number that was used is never
 * answered again but with that. A refusal says the same at the same time for whatever reason.
 */
public final class SealedExchange implements SealedExchanges {
  /** Longer than any of the reasons takes to be found out. */
  private static final Duration REFUSAL_AFTER = Duration.ofMillis(20);

  /** By how much a device that lost its count is sent ahead of all that is known to be used. */
  private static final int AHEAD = ReadingStore.WINDOW + 1;

  /** What a device without a random source cannot fill is not a challenge. */
  private static final int CHALLENGE_BYTES = 16;

  private static final String CHALLENGE_PATH = "e";

  private final SealedOpener opener;
  private final ContextBook contexts;
  private final Agreements agreements;
  private final EchoValues echoes;
  private final Resources resources;
  private final DeviceAuthenticator authenticator;
  private final ReadingStore store;
  private final DeviceQuotas quotas;
  private final Consumer<AuthenticatedDevice> seen;
  private final Journal journal;
  private final Clock clock;
  private final Executor virtualThreads;

  /** How it reaches the rest of the server. */
  public record Surroundings(
      DeviceAuthenticator authenticator,
      ReadingStore store,
      DeviceQuotas quotas,
      Consumer<AuthenticatedDevice> seen,
      Journal journal,
      Clock clock,
      Executor virtualThreads) {}

  SealedExchange(
      SealedOpener opener,
      ContextBook contexts,
      Agreements agreements,
      EchoValues echoes,
      Resources resources,
      Surroundings surroundings) {
    this.opener = opener;
    this.contexts = contexts;
    this.agreements = agreements;
    this.echoes = echoes;
    this.resources = resources;
    this.authenticator = surroundings.authenticator();
    this.store = surroundings.store();
    this.quotas = surroundings.quotas();
    this.seen = surroundings.seen();
    this.journal = surroundings.journal();
    this.clock = surroundings.clock();
    this.virtualThreads = surroundings.virtualThreads();
  }

  @Override
  public CompletionStage<SealedReply> exchange(SealedArrival arrival) {
    SealedMessage message;
    SealedOpener.Attempt attempt;
    try {
      message = parse(arrival.message());
      attempt = opener.open(message);
    } catch (MalformedException e) {
      note(arrival, Reason.SEALED_MALFORMED, e.getMessage(), Claim.NONE);
      return done(new SealedReply.OuterError(Kind.MALFORMED, Diagnosis.of(Finding.MALFORMED)));
    }
    return switch (attempt) {
      case SealedOpener.Attempt.Failed failed -> notOpened(arrival, failed);
      case SealedOpener.Attempt.Done(Opened opened) -> {
        try (opened) {
          yield answer(arrival, message, opened, arrival.arrivedNanos());
        }
      }
    };
  }

  /** For readings of a device that was here before. To have opened a message changes nothing. */
  @Override
  public Optional<CompletionStage<SealedReply>> exchangeAtOnce(SealedArrival arrival) {
    try {
      SealedMessage message = parse(arrival.message());
      Optional<SealedOpener.Attempt> attempt =
          opener.openAtHand(message, authenticator::isSealedAtHand);
      if (attempt.isEmpty()) {
        return Optional.empty();
      }
      return switch (attempt.get()) {
        case SealedOpener.Attempt.Failed failed -> Optional.of(notOpened(arrival, failed));
        case SealedOpener.Attempt.Done(Opened opened) -> {
          try (opened) {
            yield resources.isQuick(opened.request().message())
                ? Optional.of(answer(arrival, message, opened, arrival.arrivedNanos()))
                : Optional.empty();
          }
        }
      };
    } catch (MalformedException e) {
      return Optional.empty(); // and found out again, where it is noted
    }
  }

  private CompletionStage<SealedReply> notOpened(
      SealedArrival arrival, SealedOpener.Attempt.Failed failed) {
    note(arrival, failed);
    return refused(
        arrival.arrivedNanos(),
        failed
            .named()
            .map(sender -> Diagnosis.of(Finding.ALTERED, sender))
            .orElse(Diagnosis.of(Finding.UNPROVEN)));
  }

  private CompletionStage<SealedReply> answer(
      SealedArrival arrival, SealedMessage message, Opened opened, long began) {
    var sender = new Sender(opened.holder().device().id(), opened.holder().device().serial());
    AuthenticatedDevice device;
    try {
      device = authenticator.bySealedRequest(opened.holder(), opened.request());
    } catch (CredentialRefusedException e) {
      note(arrival, RefusalReasons.of(e), e.detail(), Claim.proven(sender.serial()));
      return refused(began, Diagnosis.of(Finding.UNPROVEN, sender));
    }
    seen.accept(device);
    byte[] bytes = message.sealedBytes();
    if (quotas.take(device.id(), bytes.length) > 0) {
      return done(
          new SealedReply.OuterError(Kind.OVERLOAD, Diagnosis.of(Finding.NOT_TAKEN, sender)));
    }
    if (opened.step() instanceof Opened.Step.Begin begin) {
      return done(
          new SealedReply.Answered(
              carried(offer(opened, begin)), Diagnosis.of(Finding.FRESH, sender)));
    }
    SealedContext context = context(opened);
    // Of what the seal is about: a relay that adds a kid context makes no other message of it.
    var claim = new SequenceClaim(opened.request().sequence() + 1, Sha256.of(bytes));
    if (isChallenge(opened)) {
      return done(
          new SealedReply.Answered(
              carried(challenge(opened, context, claim)), Diagnosis.of(Finding.FRESH, sender)));
    }
    boolean fresh =
        echoes.isFresh(
            opened.request().message().echo(), opened.keyId().bytes(), context.idContext());
    if (context.mustResync() && !(opened.level() == Level.MAC && fresh)) {
      note(arrival, Reason.SEALED_MUST_RESYNC, "", Claim.proven(sender.serial()));
      return refused(began, Diagnosis.of(Finding.UNPROVEN, sender));
    }
    var one = new One(arrival, opened, device, context, claim, fresh, sender, began);
    return carryOut(one);
  }

  /** One request on its way. */
  private record One(
      SealedArrival arrival,
      Opened opened,
      AuthenticatedDevice device,
      SealedContext context,
      SequenceClaim claim,
      boolean fresh,
      Sender sender,
      long began) {
    long atMillis() {
      return arrival.receivedAt().toEpochMilli();
    }

    /** After a lost window the first fresh message begins a new one. */
    boolean beginsAnew() {
      return context.mustResync();
    }

    boolean expectsWindow() {
      return context.isEstablished() && !beginsAnew();
    }

    String listener() {
      return arrival
          .relay()
          .map(relay -> "hook:" + relay.name())
          .orElse(arrival.carriage().wireName());
    }
  }

  private CompletionStage<SealedReply> carryOut(One one) {
    OpenedRequest request = one.opened().request();
    Effect effect;
    try {
      if (resources.acts(request.message())) {
        // What is done in the registry is done before the claim; a replay must not come so far.
        SealedOutcome looked =
            await(
                store.look(
                    one.device().id(),
                    one.context().series(),
                    one.claim(),
                    one.atMillis(),
                    one.expectsWindow()));
        if (!(looked instanceof SealedOutcome.Free)) {
          return reply(one, looked);
        }
      }
      effect =
          resources.answer(
              new Asked(
                  one.device(),
                  one.context(),
                  request.message(),
                  request.message().body(),
                  one.fresh(),
                  one.listener(),
                  request.sequence()));
    } catch (MalformedException e) {
      effect = Effect.malformed(e.getMessage());
    } catch (CredentialRefusedException e) {
      note(one.arrival(), RefusalReasons.of(e), e.detail(), Claim.proven(one.sender().serial()));
      return refused(one.began(), Diagnosis.of(Finding.UNPROVEN, one.sender()));
    }
    CompletableFuture<SealedOutcome> outcome = store.commit(commit(one, effect));
    return one.context().isEstablished() && !one.beginsAnew()
        ? outcome.thenCompose(known -> reply(one, known))
        : outcome.thenComposeAsync(known -> first(one, known), virtualThreads);
  }

  private SealedCommit commit(One one, Effect effect) {
    return switch (effect) {
      case Effect.Answered answered -> {
        byte[] sealed = seal(one, answered.answer());
        yield commit(one, sealed, Optional.empty(), sealed);
      }
      case Effect.Stored stored ->
          commit(
              one,
              seal(one, stored.answer()),
              Optional.of(stored.readings()),
              stored.readings().claim().isPresent() ? seal(one, stored.ifRefused()) : new byte[0]);
    };
  }

  private static SealedCommit commit(
      One one, byte[] answer, Optional<ReadingBatch> readings, byte[] ifRefused) {
    return new SealedCommit(
        one.device().id(),
        one.context().series(),
        one.claim(),
        one.atMillis(),
        one.expectsWindow(),
        one.beginsAnew(),
        answer,
        readings,
        ifRefused);
  }

  /** The answer with the Echo for the next request, as the token that is kept and sent. */
  private byte[] seal(One one, InnerMessage answer) {
    byte[] echo = echoes.next(one.opened().keyId().bytes(), one.context().idContext());
    return one.opened().request().answer(answer.withEcho(echo)).token().getBytes(US_ASCII);
  }

  /** The first message under a context: from now on its window must be there. */
  private CompletionStage<SealedReply> first(One one, SealedOutcome outcome) {
    if (outcome instanceof SealedOutcome.Committed || outcome instanceof SealedOutcome.Duplicate) {
      contexts.establish(one.context());
    }
    return reply(one, outcome);
  }

  private CompletionStage<SealedReply> reply(One one, SealedOutcome outcome) {
    var position = new Position(one.context().window(), one.opened().request().sequence());
    return switch (outcome) {
      case SealedOutcome.Committed committed ->
          done(answered(committed.answer(), Finding.FRESH, one.sender(), position));
      case SealedOutcome.Duplicate duplicate ->
          done(answered(duplicate.answer(), Finding.DUPLICATE, one.sender(), position));
      case SealedOutcome.Replayed replayed -> {
        note(
            one.arrival(),
            replayed.sameBytes() ? Reason.SEALED_REPLAYED : Reason.SEALED_NUMBER_REUSED,
            "number " + position.sequence(),
            Claim.proven(one.sender().serial()));
        yield done(
            new SealedReply.OuterError(
                Kind.REPLAY, Diagnosis.of(Finding.REPLAYED, one.sender(), position)));
      }
      case SealedOutcome.BelowWindow _ ->
          done(
              new SealedReply.OuterError(
                  Kind.REPLAY, Diagnosis.of(Finding.LATE, one.sender(), position)));
      case SealedOutcome.WindowLost _ ->
          CompletableFuture.runAsync(
                  () -> contexts.requireResync(one.device().id()), virtualThreads)
              .thenCompose(_ -> {
                note(
                    one.arrival(),
                    Reason.SEALED_MUST_RESYNC,
                    "the window of its numbers is lost",
                    Claim.proven(one.sender().serial()));
                return refused(one.began(), Diagnosis.of(Finding.UNPROVEN, one.sender()));
              });
      case SealedOutcome.Free _ -> throw new AssertionError("a commit claims");
    };
  }

  private static SealedMessage parse(CarriedMessage carried) throws MalformedException {
    return switch (carried) {
      case CarriedMessage.Token token -> SealedMessage.parse(token.token());
      case CarriedMessage.Oscore oscore -> OscoreMessage.of(oscore.option(), oscore.ciphertext());
    };
  }

  private static CarriedMessage carried(SealedMessage message) {
    return switch (message) {
      case OscoreMessage oscore ->
          new CarriedMessage.Oscore(oscore.option().encode(), oscore.ciphertext());
      case MacMessage mac -> new CarriedMessage.Token(mac.token());
    };
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static SealedReply answered(
      byte[] answer, Finding finding, Sender sender, Position position) {
    try {
      return new SealedReply.Answered(
          carried(SealedMessage.parse(new String(answer, US_ASCII))),
          Diagnosis.of(finding, sender, position));
    } catch (MalformedException e) {
      throw new AssertionError("an answer that was sealed here", e);
    }
  }

  /** The context that the request is under; made now if it is the first or an agreement ends. */
  private SealedContext context(Opened opened) {
    if (opened.step() instanceof Opened.Step.Conclude(byte[] agreed)) {
      SealedContext fresh = contexts.begin(opened.holder(), Level.SEALED, agreed);
      agreements.forget(fresh.deviceId());
      return fresh;
    }
    return opened.context().orElseGet(() -> contexts.begin(opened.holder(), opened.level(), null));
  }

  /**
   * RFC 8613 appendix B.2, step 2: sealed under R2 ‖ R1, which no answer was sealed under before,
   * since S2 is random. Nothing is claimed: it changes nothing.
   */
  private SealedMessage offer(Opened opened, Opened.Step.Begin begin) {
    byte[] r2 = agreements.r2(opened.holder().device().id());
    try (DeviceKey key = opened.holder().open();
        OscoreContext second =
            OscoreContext.ofServer(
                key,
                opened.holder().device().serial(),
                opened.holder().generation(),
                opened.holder().algorithm(),
                Optional.of(LostState.join(r2, begin.r1())))) {
      return ((OpenedRequest.Oscore) opened.request())
          .answerUnder(second, r2, InnerMessage.of(CoapCode.UNAUTHORIZED));
    }
  }

  private static boolean isChallenge(Opened opened) {
    try {
      InnerMessage message = opened.request().message();
      return opened.level() == Level.MAC
          && message.code() == CoapCode.GET
          && message.path().equals(CHALLENGE_PATH)
          && message.body().length == CHALLENGE_BYTES;
    } catch (MalformedException e) {
      return false;
    }
  }

  /**
   * docs/protocol.md §4: an Echo, and a number above all that were used. Nothing is claimed, and
   * the MAC of a repeated challenge covers its 16 random bytes.
   */
  private SealedMessage challenge(Opened opened, SealedContext context, SequenceClaim claim) {
    SealedOutcome state =
        await(
            store.look(
                context.deviceId(),
                context.series(),
                new SequenceClaim(Long.MAX_VALUE, claim.bodyHash()),
                clock.millis(),
                false));
    long highest = state instanceof SealedOutcome.Free free ? free.highest() - 1 : -1;
    long next =
        highest < 0 && context.isEstablished() ? sinceEpoch() : Math.max(0, highest + AHEAD);
    byte[] echo = echoes.next(opened.keyId().bytes(), context.idContext());
    byte[] body =
        new CborWriter().map(2).unsigned(1).bytes(echo).unsigned(2).unsigned(next).toByteArray();
    return opened.request().answer(InnerMessage.of(CoapCode.CONTENT).withBody(body));
  }

  /**
   * A number above any that a device can have used that sends up to eight messages a second, for
   * when nobody knows any more what it used.
   */
  private long sinceEpoch() {
    return 8
        * Math.max(0, clock.instant().getEpochSecond() - ReleaseTime.EARLIEST.getEpochSecond());
  }

  private void note(SealedArrival arrival, SealedOpener.Attempt.Failed failed) {
    note(
        arrival,
        failed.named().isPresent() ? Reason.SEALED_NOT_AUTHENTIC : Reason.SEALED_UNKNOWN_KEY,
        "kid " + failed.keyId(),
        failed.named().map(sender -> Claim.named(sender.serial().value())).orElse(Claim.NONE));
  }

  private void note(SealedArrival arrival, Reason reason, String detail, Claim claim) {
    String listener =
        arrival.relay().map(relay -> "hook:" + relay.name()).orElse(arrival.carriage().wireName());
    journal.note(new Attempt(listener, arrival.address(), reason, detail, claim));
  }

  /**
   * A refusal leaves at the same time after its request, whatever it took to come to it, and on
   * whichever thread.
   */
  private CompletionStage<SealedReply> refused(long began, Diagnosis diagnosis) {
    var reply = new SealedReply.OuterError(Kind.UNAUTHENTICATED, diagnosis);
    long left = REFUSAL_AFTER.toNanos() - (System.nanoTime() - began);
    return left <= 0
        ? done(reply)
        : CompletableFuture.supplyAsync(
            () -> reply,
            CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS, virtualThreads));
  }

  private static CompletionStage<SealedReply> done(SealedReply reply) {
    return CompletableFuture.completedStage(reply);
  }
}
