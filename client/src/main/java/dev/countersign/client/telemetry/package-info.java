// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Readings on their way: a queue that survives restarts and power cuts, and gives each message its
 * sequence number before it is sent for the first time.
 *
 * <p>Sends nothing; that is {@link dev.countersign.client.agent}.
 */
@NullMarked
package dev.countersign.client.telemetry;

import org.jspecify.annotations.NullMarked;
