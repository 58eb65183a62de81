// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class SettingsFuzzTest {
  @FuzzTest
  void parses_settings(byte[] json) throws MalformedException {
    Settings settings;
    try {
      settings = Settings.parse(json);
    } catch (MalformedException e) {
      return;
    }
    if (!Settings.parse(settings.canonicalJson()).equals(settings)) {
      throw new AssertionError("the canonical form is of other settings: " + settings);
    }
  }

  @FuzzTest
  void parses_answer(byte[] json) {
    try {
      SettingsAnswer.parse(json);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void parses_receipt(byte[] json) {
    try {
      SettingsReceipt.parse(json);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_sealed(byte[] body) throws MalformedException {
    try {
      SealedSettings.decodeNotice(body);
    } catch (MalformedException e) {
      // The only other answer.
    }
    try {
      SealedSettings.decodeReceipt(body);
    } catch (MalformedException e) {
      // The only other answer.
    }
    SettingsAnswer answer;
    try {
      answer = SealedSettings.decode(body);
    } catch (MalformedException e) {
      return;
    }
    if (!SealedSettings.decode(SealedSettings.encode(answer)).equals(answer)) {
      throw new AssertionError("the encoded form is of another answer: " + answer);
    }
  }
}
