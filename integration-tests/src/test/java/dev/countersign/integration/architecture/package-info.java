// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The house rules as tests: directions between modules and packages, where SQL and time may be
 * used, how the source is written. A rule without a test is a wish.
 */
@NullMarked
package dev.countersign.integration.architecture;

import org.jspecify.annotations.NullMarked;
