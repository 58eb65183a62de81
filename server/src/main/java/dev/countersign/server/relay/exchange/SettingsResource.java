// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.server.settings.DeviceSettings;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code GET s?v=N}: settings, or that the device has the current ones. */
final class SettingsResource implements Resource {
  private static final Pattern VERSION = Pattern.compile("v=(0|[1-9]\\d{0,17})");

  private final DeviceSettings settings;

  SettingsResource(DeviceSettings settings) {
    this.settings = settings;
  }

  /** The answer is fresh by itself: it is bound to the request. */
  @Override
  public boolean needsFreshness(int code) {
    return false;
  }

  @Override
  public Effect answer(Asked asked) throws MalformedException {
    if (asked.message().code() != CoapCode.GET) {
      return Effect.of(CoapCode.METHOD_NOT_ALLOWED);
    }
    String query = asked.message().query();
    if (!query.isEmpty()) {
      Matcher version = VERSION.matcher(query);
      if (!version.matches()) {
        throw new MalformedException("query", "expected v= and the version that the device has");
      }
      if (Long.parseLong(version.group(1)) == settings.currentVersion(asked.device())) {
        return Effect.of(CoapCode.VALID);
      }
    }
    SettingsAnswer answer = settings.answerFor(asked.device());
    return new Effect.Answered(
        InnerMessage.of(CoapCode.CONTENT)
            .withEtag(answer.version())
            .withContentFormat(InnerMessage.CBOR)
            .withBody(SealedSettings.encode(answer)));
  }
}
