// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.telemetry.Reading;

/** A reading and how it came here. */
public record StoredReading(Reading reading, Provenance provenance) {}
