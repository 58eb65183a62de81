// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.protocol.DeviceSerial;
import java.util.List;

/** What was found of one device through one relay. */
public record DeviceTally(DeviceSerial serial, List<Tally> tallies) {}
