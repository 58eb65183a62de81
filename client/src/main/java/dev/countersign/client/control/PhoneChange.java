// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.http.HubJson;
import dev.countersign.protocol.pairing.Role;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What is to be different about a phone on the list; all else stays. Immutable. */
public final class PhoneChange {
  private final @Nullable String name;
  private final @Nullable Role role;
  private final boolean changesEnd;
  private final @Nullable Instant end;

  private PhoneChange(
      @Nullable String name, @Nullable Role role, boolean changesEnd, @Nullable Instant end) {
    this.name = name;
    this.role = role;
    this.changesEnd = changesEnd;
    this.end = end;
  }

  /** Nothing yet. */
  public static PhoneChange none() {
    return new PhoneChange(null, null, false, null);
  }

  public PhoneChange name(String newName) {
    return new PhoneChange(newName, role, changesEnd, end);
  }

  public PhoneChange role(Role newRole) {
    return new PhoneChange(name, newRole, changesEnd, end);
  }

  /** Access ends then; empty for never. */
  public PhoneChange expires(Optional<Instant> newEnd) {
    return new PhoneChange(name, role, true, newEnd.orElse(null));
  }

  ObjectNode json() {
    ObjectNode json = HubJson.object();
    if (name != null) {
      json.put("name", name);
    }
    if (role != null) {
      json.put("role", role.wireName());
    }
    if (changesEnd) {
      json.put("expires", end == null ? null : end.toString());
    }
    return json;
  }
}
