// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/** Hubs and phones that tests make, and how they behave towards each other. */
@NullMarked
package dev.countersign.integration.hub;

import org.jspecify.annotations.NullMarked;
