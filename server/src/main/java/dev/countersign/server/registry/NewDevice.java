// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

import dev.countersign.protocol.DeviceSerial;
import java.util.Optional;

/** What an operator says of a device that is to be registered. */
public record NewDevice(DeviceSerial serial, Optional<String> model, boolean hasClock) {}
