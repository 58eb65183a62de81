// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.settings.ReleaseNotice;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.server.settings.DeviceSettings;

/** {@code GET t}: what of releases and trust bundles the device should have. */
final class TrustResource implements Resource {
  private final DeviceSettings settings;

  TrustResource(DeviceSettings settings) {
    this.settings = settings;
  }

  @Override
  public boolean needsFreshness(int code) {
    return false;
  }

  @Override
  public Effect answer(Asked asked) {
    if (asked.message().code() != CoapCode.GET) {
      return Effect.of(CoapCode.METHOD_NOT_ALLOWED);
    }
    SettingsAnswer answer = settings.answerFor(asked.device());
    return new Effect.Answered(
        InnerMessage.of(CoapCode.CONTENT)
            .withContentFormat(InnerMessage.CBOR)
            .withBody(
                SealedSettings.encode(
                    new ReleaseNotice(
                        answer.minReleaseSequence(),
                        answer.trustBundleVersion(),
                        answer.serverTime()))));
  }
}
