// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code countersign phone …}: a phone on the command line, over the same SDK that apps use. A hub
 * is verified always; there is no option against that.
 */
@NullMarked
package dev.countersign.cli.phone;

import org.jspecify.annotations.NullMarked;
