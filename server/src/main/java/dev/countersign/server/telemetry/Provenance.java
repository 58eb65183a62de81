// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * How readings came here, as the server saw it.
 *
 * @param keyId the credential that authenticated them
 * @param level the level of that credential, 0 to 4
 * @param listener the listener they came through
 * @param arrivedAt kept to the millisecond
 * @param sequence the message's sequence number, if it had one
 * @param fresh whether they are known to be sent shortly before they came: TLS shows that, a sealed
 *     message only with the Echo of an earlier answer
 */
public record Provenance(
    String keyId,
    int level,
    String listener,
    Instant arrivedAt,
    OptionalLong sequence,
    boolean fresh) {

  /** Of readings that came over TLS. */
  public Provenance(
      String keyId, int level, String listener, Instant arrivedAt, OptionalLong sequence) {
    this(keyId, level, listener, arrivedAt, sequence, true);
  }
}
