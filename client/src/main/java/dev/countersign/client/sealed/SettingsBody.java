// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bodies of {@code GET s}, {@code GET t} and {@code POST a}: maps of small integers
 * (docs/protocol.md).
 */
final class SettingsBody {
  private static final int VERSION = 1;
  private static final int SETTINGS = 2;
  private static final int MIN_RELEASE = 3;
  private static final int TRUST_BUNDLE = 4;
  private static final int SERVER_TIME = 5;

  private SettingsBody() {}

  /** Reads the answer of {@code GET s}; fields that are not known yet are passed over. */
  static SettingsAnswer decode(byte[] body) throws MalformedException {
    var in = new CborReader(body);
    long version = -1;
    long minRelease = 0;
    long trustBundle = 0;
    long serverTime = -1;
    Settings settings = Settings.EMPTY;
    boolean hasSettings = false;
    long before = -1;
    for (int pairs = in.map("settings answer"); pairs > 0; pairs--) {
      long key = in.unsigned("settings answer");
      if (key <= before) {
        throw new MalformedException("settings answer", "expected each key once, in order");
      }
      before = key;
      if (key == VERSION) {
        version = in.unsigned("version");
      } else if (key == SETTINGS) {
        settings = Settings.of(values(in));
        hasSettings = true;
      } else if (key == MIN_RELEASE) {
        minRelease = in.unsigned("minReleaseSequence");
      } else if (key == TRUST_BUNDLE) {
        trustBundle = in.unsigned("trustBundleVersion");
      } else if (key == SERVER_TIME) {
        serverTime = in.unsigned("serverTime");
      } else {
        in.skip("settings answer", 4);
      }
    }
    in.end();
    if (version < 0 || !hasSettings || serverTime < 0) {
      throw new MalformedException("settings answer", "expected version, settings and time");
    }
    return new SettingsAnswer(version, settings, minRelease, trustBundle, instant(serverTime));
  }

  private static Instant instant(long seconds) throws MalformedException {
    try {
      return Instant.ofEpochSecond(seconds);
    } catch (DateTimeException e) {
      throw new MalformedException("serverTime", "expected seconds since 1970", e);
    }
  }

  private static Map<String, Scalar> values(CborReader in) throws MalformedException {
    var values = new TreeMap<String, Scalar>();
    for (int pairs = in.map("settings"); pairs > 0; pairs--) {
      String name = in.text("settings");
      Scalar value =
          in.isText()
              ? Scalar.text(name, in.text(name))
              : in.isFlag() ? new Scalar.Flag(in.flag(name)) : new Scalar.Numeric(in.number(name));
      if (values.put(name, value) != null) {
        throw new MalformedException("settings", "expected each name once");
      }
    }
    return values;
  }

  /** The body of {@code POST a}. */
  static byte[] receipt(SettingsReceipt receipt) {
    return new CborWriter()
        .map(2)
        .unsigned(VERSION)
        .unsigned(receipt.version())
        .unsigned(SETTINGS)
        .bytes(receipt.sha256().bytes())
        .toByteArray();
  }
}
