// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What a device measures, and the four ways it may write it: plain JSON, SenML (RFC 8428) in JSON
 * and in CBOR, and a query string for devices that can only GET.
 *
 * <p>Knows nothing of who sent it or whether it is true.
 */
@NullMarked
package dev.countersign.protocol.telemetry;

import org.jspecify.annotations.NullMarked;
