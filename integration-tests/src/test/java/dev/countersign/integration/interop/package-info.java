// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Programs and libraries nobody here wrote against a whole installation; crashes; starts and
 * refusals to start.
 */
@NullMarked
package dev.countersign.integration.interop;

import org.jspecify.annotations.NullMarked;
