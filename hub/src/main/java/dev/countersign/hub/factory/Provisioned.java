// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import dev.countersign.hub.identity.HubIdentity;
import java.util.OptionalInt;

/**
 * A hub that has its identity.
 *
 * @param issued how many certificates the station has made, this one included
 * @param number this one's in the station's ledger; empty if an earlier attempt got so far that the
 *     station has nothing to do with it any more
 */
public record Provisioned(HubIdentity identity, OptionalInt number, int issued) {}
