// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Readings as they arrived: who sent them at which level, and never twice.
 *
 * <p>Claiming a sequence number and storing its readings are one atomic, durable write.
 */
@NullMarked
package dev.countersign.server.telemetry;

import org.jspecify.annotations.NullMarked;
