// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.registry.Device;

/**
 * A device that showed its one-time token, and may ask for one certificate. Only {@link Admission}
 * makes it.
 */
public final class AdmittedDevice {
  private final Device device;

  AdmittedDevice(Device device) {
    this.device = device;
  }

  public DeviceSerial serial() {
    return device.serial();
  }

  Device device() {
    return device;
  }
}
