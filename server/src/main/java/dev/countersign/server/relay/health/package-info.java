// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What relays do to the messages they carry: how many get lost, come late, twice or out of order,
 * and how many were changed, sent again or given under another device's name. Counted from what the
 * exchange found behind the seal; what a relay says of itself is compared and never believed.
 */
@NullMarked
package dev.countersign.server.relay.health;

import org.jspecify.annotations.NullMarked;
