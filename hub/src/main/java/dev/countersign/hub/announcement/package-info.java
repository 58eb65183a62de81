// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Tells phones on the hotspot where the hub is: multicast DNS (RFC 6762) and DNS-SD (RFC 6763). An
 * announcement proves nothing and holds nothing secret; a phone that follows a false one meets a
 * key that it does not know.
 */
@NullMarked
package dev.countersign.hub.announcement;

import org.jspecify.annotations.NullMarked;
