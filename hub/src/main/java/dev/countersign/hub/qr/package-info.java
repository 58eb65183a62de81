// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * QR codes (ISO/IEC 18004) as pictures: lines for a terminal, PNG, SVG. Knows nothing of what a
 * code says; what goes in may be a secret, so nothing here logs or keeps it.
 */
@NullMarked
package dev.countersign.hub.qr;

import org.jspecify.annotations.NullMarked;
