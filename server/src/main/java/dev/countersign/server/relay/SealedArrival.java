// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import java.time.Instant;
import java.util.Optional;

/**
 * A sealed message that came in, on its way to be opened.
 *
 * @param relay who proved to have carried it; empty on {@code /r}, which implies no relay
 * @param receivedAt by the server's clock
 * @param arrivedNanos the same by {@link System#nanoTime}, for how long it took
 * @param address of the peer of the connection, which mostly is the relay's
 */
public record SealedArrival(
    CarriedMessage message,
    Carriage carriage,
    Optional<AuthenticatedRelay> relay,
    RelayNotes notes,
    Instant receivedAt,
    long arrivedNanos,
    String address) {}
