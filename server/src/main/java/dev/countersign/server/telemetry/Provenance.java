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
 */
public record Provenance(
    String keyId, int level, String listener, Instant arrivedAt, OptionalLong sequence) {}
