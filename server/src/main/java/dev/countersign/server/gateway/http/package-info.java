// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The device API over HTTPS (docs/protocol.md): enrolment, readings, settings.
 *
 * <p>{@link dev.countersign.server.gateway.http.DeviceGate} turns a connection into an {@link
 * dev.countersign.server.credentials.AuthenticatedDevice}; the handlers take that, and translate
 * between HTTP and the features. They decide nothing.
 */
@NullMarked
package dev.countersign.server.gateway.http;

import org.jspecify.annotations.NullMarked;
