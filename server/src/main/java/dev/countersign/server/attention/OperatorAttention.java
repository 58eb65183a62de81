// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import dev.countersign.server.operators.OperatorAccounts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The day on which nobody could operate the server any more. */
public final class OperatorAttention implements AttentionSource {
  private static final Duration SOON = Duration.ofDays(30);

  private final OperatorAccounts operators;
  private final Clock clock;

  public OperatorAttention(OperatorAccounts operators, Clock clock) {
    this.operators = operators;
    this.clock = clock;
  }

  @Override
  public List<Attention> look() {
    Optional<Instant> last = operators.lastCertificateEnds();
    if (last.isEmpty() || !last.get().isBefore(clock.instant().plus(SOON))) {
      return List.of();
    }
    return List.of(
        new Attention(
            "operators-end",
            "the last operator's certificate ends " + last.get(),
            "'operator add NAME --out FILE' while it still works"));
  }
}
