// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * CBOR (RFC 8949), as much of it as devices and server say to each other: definite lengths,
 * integers of 64 bits, floats, texts, byte strings.
 *
 * <p>Written by hand, because the parsers at hand accept what must be refused: they hide tags and
 * indefinite lengths, and cannot tell the label 2 from the label "2".
 */
@NullMarked
package dev.countersign.protocol.cbor;

import org.jspecify.annotations.NullMarked;
