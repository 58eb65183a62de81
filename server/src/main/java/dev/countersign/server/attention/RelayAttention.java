// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import dev.countersign.server.relay.health.RelayHealth;
import dev.countersign.server.relay.health.RelayReport;
import dev.countersign.server.relay.health.RelayState;
import java.util.ArrayList;
import java.util.List;

/** Relays that change or repeat messages, or lose them. */
public final class RelayAttention implements AttentionSource {
  private final RelayHealth health;

  public RelayAttention(RelayHealth health) {
    this.health = health;
  }

  @Override
  public List<Attention> look() {
    var found = new ArrayList<Attention>();
    for (RelayReport report : health.reports()) {
      String name = report.account().name();
      if (report.state() == RelayState.SUSPICIOUS) {
        found.add(
            new Attention(
                "relay-suspicious",
                "relay " + name + ": " + report.verdict(),
                "'relay health "
                    + name
                    + "' says which devices; 'relay freeze "
                    + name
                    + "' refuses its deliveries (docs/operations.md, A stolen relay secret)"));
      } else if (report.state() == RelayState.UNRELIABLE) {
        found.add(
            new Attention(
                "relay-unreliable",
                "relay " + name + ": " + report.verdict(),
                "'relay health " + name + "' says which devices; ask who runs the relay"));
      }
    }
    return found;
  }
}
