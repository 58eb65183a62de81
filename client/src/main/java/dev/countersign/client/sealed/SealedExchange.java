// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.client.sealed.RelayRefusedException.Hint;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server, one request at a time, through a carrier that may do anything to them.
 *
 * <p><b>Security guarantees.</b> What is returned was sealed by the server for exactly this
 * request. What a relay says by itself can make a device ask again, under its other key or for a
 * new context; it cannot change a setting, an acknowledgement or a number.
 *
 * <p>Safe for use by many threads, which wait for each other.
 */
final class SealedExchange implements AutoCloseable {
  /** Identical bytes are repeated so long, and an answer is taken so long after the request. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** So many hints in a row that the key or its context is unknown look like lost state. */
  static final int HINTS = 3;

  private final KeyRing keys;
  private final Carrier carrier;
  private final LongSupplier nanoTime;
  private @Nullable Outstanding outstanding;
  private byte @Nullable [] echo;
  private int hints;
  private boolean repeating;

  /** What was asked and not answered: the same question gets the same bytes. */
  private record Outstanding(InnerMessage question, SentRequest sent, long sinceNanos) {}

  /**
   * Takes keys and carrier over.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  SealedExchange(KeyRing keys, Carrier carrier, LongSupplier nanoTime) {
    this.keys = keys;
    this.carrier = carrier;
    this.nanoTime = nanoTime;
  }

  /**
   * Asks.
   *
   * @param question without Echo
   * @param withEcho whether the newest Echo is put in, to prove that the request is fresh
   * @return the server's answer, whatever its code
   * @throws RelayRefusedException if what came back is no answer; asked again later, it goes on
   * @throws IOException if nothing came back, or the numbers could not be stored
   * @throws ProtocolException if what came back is not the server's answer to this question
   */
  synchronized InnerMessage ask(InnerMessage question, boolean withEcho)
      throws IOException, ProtocolException {
    InnerMessage answer = askOnce(question, withEcho);
    if (answer.code() == CoapCode.UNAUTHORIZED && answer.echo().isPresent()) {
      // RFC 9175 §2.3: the Echo was missing or old. Again, with the one that just came.
      answer = askOnce(question, true);
    }
    return answer;
  }

  private InnerMessage askOnce(InnerMessage question, boolean withEcho)
      throws IOException, ProtocolException {
    Sealing sealing = keys.current();
    if (sealing.isLost()) {
      outstanding = null;
      hinted(() -> recover(sealing));
    }
    Outstanding asked = outstanding(sealing, question, withEcho);
    SealedMessage came = hinted(() -> carry(asked.sent().message()));
    if (age(asked) > PATIENCE.toNanos()) {
      // An answer that late was held back by somebody.
      outstanding = null;
      throw new IOException("the answer took longer than " + PATIENCE.toMillis() / 1000 + " s");
    }
    InnerMessage answer = sealing.open(asked.sent(), came);
    outstanding = null;
    hints = 0;
    answer.echo().ifPresent(fresh -> echo = fresh);
    keys.proven();
    return answer;
  }

  private boolean recover(Sealing sealing) throws IOException, ProtocolException {
    sealing.recover(this::carry);
    hints = 0;
    echo = null;
    return true;
  }

  /** The same bytes as before for the same question, for a while; else a new number. */
  private Outstanding outstanding(Sealing sealing, InnerMessage question, boolean withEcho)
      throws IOException {
    Outstanding before = outstanding;
    if (before != null && before.question().equals(question) && age(before) <= PATIENCE.toNanos()) {
      repeating = true;
      return before;
    }
    outstanding = null;
    repeating = false;
    InnerMessage complete = withEcho && echo != null ? question.withEcho(echo) : question;
    var asked = new Outstanding(question, sealing.seal(complete), nanoTime.getAsLong());
    outstanding = asked;
    return asked;
  }

  private long age(Outstanding asked) {
    return nanoTime.getAsLong() - asked.sinceNanos();
  }

  private SealedMessage carry(SealedMessage message) throws IOException, ProtocolException {
    return SealedMessage.parse(carrier.exchange(message.token()));
  }

  private interface Attempt<T> {
    T run() throws IOException, ProtocolException;
  }

  /** Draws from a hint what can be drawn, before it is handed on. */
  private <T> T hinted(Attempt<T> attempt) throws IOException, ProtocolException {
    try {
      return attempt.run();
    } catch (RelayRefusedException e) {
      if (e.hint() == Hint.REPLAY) {
        replayed();
      } else if (e.hint() == Hint.UNKNOWN) {
        outstanding = null;
        keys.turn();
        hints++;
        if (hints % HINTS == 0) {
          begunAnew();
        }
      }
      throw e;
    }
  }

  /** A repetition may come too late for its answer: a new number will do. */
  private void replayed() {
    if (repeating) {
      outstanding = null;
    } else {
      // Somebody used a new number before: these files are an old copy of themselves.
      begunAnew();
    }
  }

  private void begunAnew() {
    outstanding = null;
    keys.current().lose();
  }

  /** Characters of the token of such a request. */
  synchronized int tokenChars(InnerMessage question) {
    return keys.current().tokenChars(question.withEcho(new byte[8]));
  }

  synchronized int generation() {
    return keys.current().generation();
  }

  int maxTokenChars() {
    return carrier.maxTokenChars();
  }

  /** Uses the keys between two requests. */
  interface KeyWork<T> {
    T run(KeyRing keys) throws IOException, ProtocolException;
  }

  synchronized <T> T withKeys(KeyWork<T> work) throws IOException, ProtocolException {
    outstanding = null;
    return work.run(keys);
  }

  @Override
  public void close() {
    carrier.close();
    closeKeys();
  }

  private synchronized void closeKeys() {
    keys.close();
  }
}
