// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * A whole installation as its neighbours see it: a server on free ports in this process, operators
 * and devices that speak to it over real TLS, and programs nobody here wrote.
 *
 * <p>The clients here are written for the tests and share nothing with the product's own HTTP, so
 * that a fault on both sides cannot cancel itself.
 */
@NullMarked
package dev.countersign.integration;

import org.jspecify.annotations.NullMarked;
