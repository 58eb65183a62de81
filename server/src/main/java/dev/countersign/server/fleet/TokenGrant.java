// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.est.EnrolmentToken;
import java.time.Instant;

/** A token that was just made. The only time its secret is outside the device. */
public record TokenGrant(DeviceSerial serial, EnrolmentToken token, Instant expiresAt) {}
