// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.operators;

import java.time.Instant;
import java.util.Optional;

/**
 * A person who may, or might once, use the operator API.
 *
 * @param addedBy the operator who added this one, or the program at set-up
 * @param removedAt when it ended; empty for a live one
 */
public record Operator(String name, Instant addedAt, String addedBy, Optional<Instant> removedAt) {}
