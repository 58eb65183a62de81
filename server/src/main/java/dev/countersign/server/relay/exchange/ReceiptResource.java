// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.server.settings.DeviceSettings;

/** {@code POST a}: the receipt for settings that the device applied. */
final class ReceiptResource implements Resource {
  private final DeviceSettings settings;

  ReceiptResource(DeviceSettings settings) {
    this.settings = settings;
  }

  @Override
  public boolean needsFreshness(int code) {
    return true;
  }

  @Override
  public boolean acts(int code) {
    return true;
  }

  @Override
  public Effect answer(Asked asked) throws MalformedException {
    if (asked.message().code() != CoapCode.POST) {
      return Effect.of(CoapCode.METHOD_NOT_ALLOWED);
    }
    settings.applied(asked.device(), SealedSettings.decodeReceipt(asked.body()));
    return Effect.of(CoapCode.CHANGED);
  }
}
