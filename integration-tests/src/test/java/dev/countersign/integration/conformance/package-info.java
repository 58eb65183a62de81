// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/** The device SDK as its users rely on it: what it does, and what it refuses to talk to. */
@NullMarked
package dev.countersign.integration.conformance;

import org.jspecify.annotations.NullMarked;
