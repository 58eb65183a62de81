// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * From a verified credential to an authenticated device, and from there to everything else: no
 * feature takes a serial where it should take an {@link
 * dev.countersign.server.credentials.AuthenticatedDevice}.
 *
 * <p>The registry is asked on every request, through a cache that every change of a device empties
 * for it: a chain that verifies says who issued a certificate, not that it still counts.
 */
@NullMarked
package dev.countersign.server.credentials;

import org.jspecify.annotations.NullMarked;
