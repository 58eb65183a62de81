// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The devices there are, their status and the level at which they last authenticated.
 *
 * <p>Says nothing about how a device proves who it is, and keeps no secret.
 */
@NullMarked
package dev.countersign.server.registry;

import org.jspecify.annotations.NullMarked;
