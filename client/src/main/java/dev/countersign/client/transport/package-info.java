// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * How requests travel, and how the server on the other side is verified. {@link
 * dev.countersign.client.transport.Transport} is an interface, because Android and embedded
 * platforms bring their own HTTP; {@link dev.countersign.client.transport.ServerTrustManager} is
 * what each of them must use.
 */
@NullMarked
package dev.countersign.client.transport;

import org.jspecify.annotations.NullMarked;
