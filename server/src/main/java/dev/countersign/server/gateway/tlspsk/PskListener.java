// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.tlspsk;

/** Names the listener. */
public final class PskListener {
  /** How journal, metrics and provenance call this way in. */
  public static final String NAME = "device-psk";

  private PskListener() {}
}
