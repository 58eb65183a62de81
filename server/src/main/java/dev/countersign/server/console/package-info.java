// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The operator API: what people and their tools ask for over mutual TLS under the operators' CA. It
 * uses services, never stores.
 */
@NullMarked
package dev.countersign.server.console;

import org.jspecify.annotations.NullMarked;
