// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import dev.countersign.server.database.DatabaseException;
import java.util.ArrayList;
import java.util.List;

/** All sources together; one that cannot look says so and hides no other. */
public final class AttentionList implements AttentionSource {
  private final List<AttentionSource> sources;

  public AttentionList(List<AttentionSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public List<Attention> look() {
    var found = new ArrayList<Attention>();
    for (AttentionSource source : sources) {
      try {
        found.addAll(source.look());
      } catch (DatabaseException e) {
        found.add(
            new Attention(
                "unknown", "not everything could be looked at", String.valueOf(e.getMessage())));
      }
    }
    return found;
  }
}
