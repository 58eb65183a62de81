// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** An open window: its terms, its end, and the codes its screen shows one after the other. */
final class Window {
  /** docs/protocol.md, Pairing, step 0. */
  static final Duration LENGTH = Duration.ofMinutes(2);

  /** Long enough to scan, short enough that a photograph is of no use tomorrow. */
  private static final long CODE_NANOS = Duration.ofSeconds(60).toNanos();

  private static final long NEXT_CODE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Terms terms;
  private final boolean byButton;
  private final long endNanos;
  private final ManualCode manual;
  private final SecureRandom random;
  private final Deque<Code> codes = new ArrayDeque<>();

  Window(Terms terms, boolean byButton, long nowNanos, SecureRandom random) {
    this.terms = terms;
    this.byButton = byButton;
    this.endNanos = nowNanos + LENGTH.toNanos();
    this.manual = ManualCode.random(random);
    this.random = random;
  }

  /** A code that is shown, or was a moment ago. */
  record Code(PairingSecret secret, long endNanos) {}

  Terms terms() {
    return terms;
  }

  /** Whether somebody is there who pressed the button: what printed codes need. */
  boolean isByButton() {
    return byButton;
  }

  ManualCode manual() {
    return manual;
  }

  boolean isOver(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }

  Duration remaining(long nowNanos) {
    return Duration.ofNanos(Math.max(0, endNanos - nowNanos));
  }

  /** The code to show now: a new one every half minute. */
  Code shown(long nowNanos) {
    forgetOld(nowNanos);
    Code newest = codes.peekLast();
    if (newest == null || newest.endNanos() - nowNanos <= CODE_NANOS - NEXT_CODE_NANOS) {
      newest = new Code(PairingSecret.random(random), nowNanos + CODE_NANOS);
      codes.addLast(newest);
    }
    return newest;
  }

  /** What still pairs. */
  List<PairingSecret> secrets(long nowNanos) {
    forgetOld(nowNanos);
    return codes.stream().map(Code::secret).toList();
  }

  private void forgetOld(long nowNanos) {
    codes.removeIf(code -> nowNanos - code.endNanos() >= 0);
  }
}
