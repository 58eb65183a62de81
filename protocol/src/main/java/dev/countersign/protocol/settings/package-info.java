// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What the maker wants a device to do: a versioned set of plain values, the answer that carries it
 * and the receipt with which a device says that it applied it.
 */
@NullMarked
package dev.countersign.protocol.settings;

import org.jspecify.annotations.NullMarked;
