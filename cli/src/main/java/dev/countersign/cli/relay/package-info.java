// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/** {@code countersign relay …}: somebody else's cloud as a carrier of sealed messages. */
@NullMarked
package dev.countersign.cli.relay;

import org.jspecify.annotations.NullMarked;
