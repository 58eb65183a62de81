// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code certificate}, {@code ca}, {@code status}, {@code audit} and {@code operator}: what an
 * operator does with the installation itself.
 */
@NullMarked
package dev.countersign.cli.administration;

import org.jspecify.annotations.NullMarked;
