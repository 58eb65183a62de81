// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * A device to try a hub with: a door with a lock, and a thermostat. Shows a maker what the program
 * behind a hub looks like; nothing else depends on it.
 */
@NullMarked
package dev.countersign.hub.example;

import org.jspecify.annotations.NullMarked;
