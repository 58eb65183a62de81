// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What a hub's own program supplies: its state, its commands, and who may give them. A hub knows
 * nothing of doors or thermostats.
 */
@NullMarked
package dev.countersign.hub.device;

import org.jspecify.annotations.NullMarked;
