// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.Phones;
import dev.countersign.hub.time.HubTime;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.RefusedRequestException;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingCode.Place;
import dev.countersign.protocol.pairing.PairingGrant;
import dev.countersign.protocol.pairing.PairingKeys;
import dev.countersign.protocol.pairing.PairingRequest;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.pairing.Spake2Answer;
import dev.countersign.protocol.pairing.Spake2Verifier;
import dev.countersign.protocol.pairing.VerifiedPairingRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who gets onto the list (docs/protocol.md, Pairing).
 *
 * <p><b>Security guarantees.</b> A secret from a screen or an invitation pairs once; a printed one
 * only after the button; five failures close everything, and are on disk before the phone hears of
 * one; a phone is on the list only after it showed, on a connection of its own, that it has the key
 * and the certificate. Windows, codes and the pairing under way are in memory alone: whatever ends
 * the process ends them.
 *
 * <p>Safe for use by many threads; one attempt at a time.
 */
public final class Pairing {
  /** docs/protocol.md, Pairing, step 0. */
  public static final int MAX_FAILURES = 5;

  /** Between the two halves of a typed code lies a computation of the phone. */
  private static final long CONFIRM_NANOS = Duration.ofSeconds(10).toNanos();

  /** A household invites a few people at a time; each secret costs a key derivation per attempt. */
  private static final int MAX_INVITATIONS = 8;

  private final HubKeys hub;
  private final Phones phones;
  private final HubTime time;
  private final int maxPhones;
  private final SecureRandom random;
  private final LongSupplier nanos;
  private final KeyPolicy keyPolicy = KeyPolicy.standard();
  private final List<PairingListener> listeners = new CopyOnWriteArrayList<>();
  private final List<Invitation> invitations = new ArrayList<>();
  private @Nullable Window window;
  private @Nullable Pending pending;
  private long sharedNanos;

  /**
   * Pairing, with everything closed.
   *
   * @param nanos a clock that nobody sets, as {@link System#nanoTime}
   */
  public Pairing(
      HubKeys hub,
      Phones phones,
      HubTime time,
      int maxPhones,
      SecureRandom random,
      LongSupplier nanos) {
    this.hub = hub;
    this.phones = phones;
    this.time = time;
    this.maxPhones = maxPhones;
    this.random = random;
    this.nanos = nanos;
  }

  /** From now on this one is told. */
  public void listen(PairingListener listener) {
    listeners.add(listener);
  }

  /** A hub that is nobody's lets its first phone in by the screen, unless somebody was guessing. */
  public synchronized void openAtFirstBoot() {
    if (!phones.state().isOwned() && !hasTooManyFailures()) {
      open(Terms.atTheHub(Role.OWNER), false);
    }
  }

  /** Somebody is there, and presses the button. A phone that did not get on is given up. */
  public synchronized void pressButton() throws IOException {
    phones.forgetFailures();
    pending = null;
    open(Terms.atTheHub(phones.state().isOwned() ? Role.USER : Role.OWNER), true);
  }

  /** An owner adds a phone that stands at the hub. */
  public synchronized Duration openFor(AuthenticatedPhone owner, Role role, Optional<Instant> ends)
      throws IOException {
    phones.forgetFailures();
    open(new Terms(Terms.Occasion.ADDITION, role, Optional.of(owner.phone().id()), ends), false);
    return Window.LENGTH;
  }

  private void open(Terms terms, boolean byButton) {
    window = new Window(terms, byButton, nanos.getAsLong(), random);
    listeners.forEach(PairingListener::opened);
  }

  /** Closes the window, if one is open. Invitations stay. */
  public synchronized void close() {
    if (window != null) {
      window = null;
      listeners.forEach(listener -> listener.closed(phones.state().failures()));
    }
  }

  /**
   * Gives up everything that could still pair, and every phone.
   *
   * @param begin when the next authority's certificate begins
   */
  public synchronized void reset(Instant begin) throws IOException {
    phones.reset(begin);
    voidAll();
    openAtFirstBoot();
  }

  private void voidAll() {
    invitations.clear();
    pending = null;
    close();
  }

  /** How long the window stays open; empty while none is. */
  public synchronized Optional<Duration> windowRemaining() {
    expire();
    return window == null ? Optional.empty() : Optional.of(window.remaining(nanos.getAsLong()));
  }

  /** What the screen shows. */
  public synchronized Optional<Screen> screen() {
    expire();
    if (window == null) {
      return Optional.empty();
    }
    long now = nanos.getAsLong();
    Window.Code shown = window.shown(now);
    Duration left = window.remaining(now);
    Duration codeLeft = Duration.ofNanos(shown.endNanos() - now);
    return Optional.of(
        new Screen(
            code(Place.SCREEN, window.terms().role(), shown.secret()),
            window.manual(),
            codeLeft.compareTo(left) < 0 ? codeLeft : left,
            left));
  }

  /** The code on the label. */
  public PairingCode label() {
    return code(Place.PRINTED, phones.state().isOwned() ? Role.USER : Role.OWNER, hub.label());
  }

  private PairingCode code(Place place, Role role, PairingSecret secret) {
    return new PairingCode(place, place == Place.PRINTED, role, hub.id(), secret, hub.key());
  }

  /**
   * A code for one use, for ten minutes.
   *
   * @return empty if too many are out
   */
  public synchronized Optional<PairingCode> invite(Terms terms) {
    expire();
    if (invitations.size() >= MAX_INVITATIONS) {
      return Optional.empty();
    }
    PairingSecret secret = PairingSecret.random(random);
    invitations.add(new Invitation(secret, terms, nanos.getAsLong() + Invitation.LENGTH.toNanos()));
    return Optional.of(code(Place.INVITATION, terms.role(), secret));
  }

  /** How long an invitation lives. */
  public static Duration invitationLength() {
    return Invitation.LENGTH;
  }

  /**
   * A new recovery card; the one before it is void.
   *
   * @return empty if who asks is no owner
   */
  public synchronized Optional<PairingCode> newRecoveryCard(AuthenticatedPhone by)
      throws IOException {
    if (phones.find(by.phone().key()).filter(phone -> phone.role() == Role.OWNER).isEmpty()) {
      return Optional.empty();
    }
    PairingSecret secret = PairingSecret.random(random);
    phones.setRecoveryCard(secret);
    return Optional.of(code(Place.PRINTED, Role.OWNER, secret));
  }

  /**
   * Ends what time has ended, and what a phone gave that may not give it any more. Called often
   * enough that owners hear of it soon.
   */
  public synchronized void expire() {
    long now = nanos.getAsLong();
    invitations.removeIf(one -> one.isOver(now) || !stands(one.terms()));
    if (pending != null && (pending.isOver(now) || !stands(pending.terms()))) {
      pending = null;
    }
    if (window != null && (window.isOver(now) || !stands(window.terms()))) {
      close();
    }
    // The last of the guesses may still be confirmed as right; a phone does that at once.
    if (window != null && hasTooManyFailures() && now - sharedNanos >= CONFIRM_NANOS) {
      shut();
    }
  }

  /** What a phone granted ends with its right to grant it: it was removed, or is less now. */
  private boolean stands(Terms terms) {
    return terms.addedBy().isEmpty()
        || phones
            .byId(terms.addedBy().get())
            .filter(by ->
                terms.occasion() == Terms.Occasion.TRANSFER
                    ? by.role() == Role.OWNER
                    : by.role().includes(Role.ADMIN) && by.role().isAbove(terms.role()))
            .isPresent();
  }

  /** One attempt with a secret from a QR code. */
  public synchronized PairingDecision attempt(PairingRequest request, byte[] channelBinding)
      throws IOException, MalformedException {
    Optional<PairingDecision> hindrance = hindrance();
    if (hindrance.isPresent()) {
      return hindrance.get();
    }
    for (Candidate candidate : candidates()) {
      try (PairingKeys keys = PairingKeys.ofSecret(channelBinding, candidate.secret(), hub.id())) {
        return grant(request.verify(keys), candidate.terms(), candidate.invitation());
      } catch (NotAuthenticException e) {
        // perhaps the next one
      }
    }
    failed(phones.addFailure());
    return new PairingDecision.Refused();
  }

  /**
   * A secret that pairs now, and what by it.
   *
   * @param invitation it is of; empty for one of the window
   */
  private record Candidate(PairingSecret secret, Terms terms, Optional<Invitation> invitation) {
    static Candidate ofWindow(PairingSecret secret, Terms terms) {
      return new Candidate(secret, terms, Optional.empty());
    }
  }

  private List<Candidate> candidates() {
    List<Candidate> all = new ArrayList<>();
    if (window != null) {
      Terms terms = window.terms();
      window
          .secrets(nanos.getAsLong())
          .forEach(secret -> all.add(Candidate.ofWindow(secret, terms)));
      if (window.isByButton()) {
        all.add(Candidate.ofWindow(hub.label(), terms));
        phones
            .state()
            .recoveryCard()
            .ifPresent(card -> all.add(Candidate.ofWindow(card, Terms.recovery())));
      }
    }
    invitations.forEach(one -> all.add(new Candidate(one.secret(), one.terms(), Optional.of(one))));
    return all;
  }

  private Optional<PairingDecision> hindrance() {
    expire();
    if (hasTooManyFailures()) {
      shut();
    }
    if (window == null && invitations.isEmpty()) {
      return Optional.of(new PairingDecision.Closed());
    }
    return pending != null ? Optional.of(new PairingDecision.Busy()) : Optional.empty();
  }

  private boolean isFull() {
    return phones.state().phones().size() >= maxPhones;
  }

  /** Whether nothing pairs until somebody presses the button, or an owner opens a window. */
  public boolean hasTooManyFailures() {
    return phones.state().failures() >= MAX_FAILURES;
  }

  private void failed(int failures) {
    listeners.forEach(listener -> listener.failed(failures));
    if (hasTooManyFailures()) {
      shut();
    }
  }

  /** Too many failures: invitations are guessed at by the same people. */
  private void shut() {
    invitations.clear();
    close();
  }

  /** What a phone that typed a code gets for its share, or why it gets none. */
  public sealed interface Share {
    /** What to send, and what to go on with. */
    record Answered(Spake2Answer answer, TypedAttempt attempt) implements Share {}

    record Refused(PairingDecision decision) implements Share {}
  }

  /**
   * The first half of an attempt with a typed code. Counted as a failure before anything is
   * answered: who guesses must not get a second guess by going away (docs/protocol.md, QR code of a
   * hub).
   */
  public synchronized Share share(byte[] phoneShare, byte[] channelBinding)
      throws IOException, MalformedException {
    Optional<PairingDecision> hindrance = hindrance();
    if (hindrance.isPresent()) {
      return new Share.Refused(hindrance.get());
    }
    if (window == null) {
      return new Share.Refused(new PairingDecision.Closed());
    } else if (isFull()) {
      return new Share.Refused(new PairingDecision.Full());
    }
    Spake2Verifier verifier =
        Spake2Verifier.begin(window.manual(), hub.id(), hub.key(), channelBinding, random);
    Spake2Answer answer = verifier.answer(phoneShare);
    phones.addFailure();
    sharedNanos = nanos.getAsLong();
    return new Share.Answered(answer, new TypedAttempt(verifier, window));
  }

  /** The second half. */
  public synchronized PairingDecision attempt(PairingRequest request, TypedAttempt typed)
      throws IOException, MalformedException {
    expire();
    if (!typed.use() || window == null || !typed.isOf(window)) {
      return new PairingDecision.Closed();
    }
    if (pending != null) {
      return new PairingDecision.Busy();
    }
    byte[] confirmation =
        request
            .confirmation()
            .orElseThrow(() -> new MalformedException("confirmP", "expected 32 bytes"));
    try (PairingKeys keys = typed.verifier().verify(confirmation)) {
      phones.takeBackFailure();
      return grant(request.verify(keys), window.terms(), Optional.empty());
    } catch (NotAuthenticException e) {
      failed(phones.state().failures());
      return new PairingDecision.Refused();
    }
  }

  private PairingDecision grant(
      VerifiedPairingRequest request, Terms terms, Optional<Invitation> invitation)
      throws MalformedException {
    // Who holds the printed card, or takes the hub over, comes in although nobody else may.
    if (terms.occasion() == Terms.Occasion.ADDITION && isFull()) {
      return new PairingDecision.Full();
    }
    var authority = phones.state().authority();
    X509Certificate certificate = authority.issue(provenKey(request), request.name(), time.floor());
    long epoch = phones.state().epoch() + (terms.occasion() == Terms.Occasion.TRANSFER ? 1 : 0);
    var phone =
        new Phone(
            Certificates.fingerprint(certificate),
            Certificates.keyHash(certificate),
            request.name(),
            terms.role(),
            Phone.Status.PENDING,
            epoch,
            terms.addedBy(),
            Optional.empty(),
            terms.expires());
    if (phones.byId(phone.id()).isPresent()) {
      throw new MalformedException(
          "csr", "expected a new key for this pairing, got one that is on the list");
    }
    // An invitation's secret goes; a window goes with all its secrets, since it is for one phone. A
    // printed secret stays, and needs the button again.
    if (invitation.isPresent()) {
      invitations.remove(invitation.get());
    } else {
      window = null;
    }
    pending = new Pending(phone, terms, nanos.getAsLong() + Pending.LENGTH.toNanos());
    listeners.forEach(PairingListener::burned);
    return new PairingDecision.Granted(
        request.answer(
            new PairingGrant(
                certificate, authority.certificate(), hub.chain(), terms.role(), epoch)));
  }

  private VerifiedRequest provenKey(VerifiedPairingRequest request) throws MalformedException {
    try {
      return VerifiedRequest.verify(request.csr(), keyPolicy);
    } catch (RefusedRequestException e) {
      throw new MalformedException("csr", String.valueOf(e.getMessage()), e);
    }
  }

  /** What becomes of a confirmation. */
  public sealed interface Confirmation {
    record Active(Phone phone) implements Confirmation {}

    record Stranger() implements Confirmation {}
  }

  /**
   * The phone has stored its certificate, and shows it on a connection of its own: from now on it
   * is on the list. Repeated, it changes nothing.
   *
   * @param proven the certificate whose key the peer showed to have in the handshake
   */
  public synchronized Confirmation confirm(X509Certificate proven) throws IOException {
    expire();
    Sha256 fingerprint = Certificates.fingerprint(proven);
    if (pending == null || !pending.phone().certificate().equals(fingerprint)) {
      return phones
          .find(Certificates.keyHash(proven))
          .filter(phone -> phone.certificate().equals(fingerprint))
          .<Confirmation>map(Confirmation.Active::new)
          .orElseGet(Confirmation.Stranger::new);
    }
    Phone phone = pending.phone().activated();
    switch (pending.terms().occasion()) {
      case ADDITION -> phones.add(phone);
      case RECOVERY -> phones.recover(phone);
      case TRANSFER -> phones.handOver(phone);
    }
    if (pending.terms().occasion() == Terms.Occasion.TRANSFER) {
      voidAll();
    }
    pending = null;
    return new Confirmation.Active(phone);
  }
}
