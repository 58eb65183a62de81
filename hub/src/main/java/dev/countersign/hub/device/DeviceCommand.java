// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.device;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.Role;

/**
 * A command of an authenticated phone.
 *
 * @param name one of {@link HubDevice#commands}
 * @param phone the name its owner gave it, for a log of who did what
 * @param role what it may do on this hub
 */
public record DeviceCommand(String name, Scalar value, String phone, Role role) {}
