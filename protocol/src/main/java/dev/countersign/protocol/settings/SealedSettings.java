// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeMap;

/**
 * Settings, notice and receipt as they stand inside a seal (docs/protocol.md, Sealed messages):
 * maps with whole numbers for keys. {@code {1: version, 2: {name: value}, 3: minimum release
 * sequence, 4: trust bundle version, 5: server time in seconds}}.
 *
 * <p>Written in the core deterministic encoding (RFC 8949 §4.2.1): shorter names come first. Read
 * strictly: all keys, each once, in their order; only names may come in any.
 */
public final class SealedSettings {
  private static final int VERSION = 1;
  private static final int SETTINGS = 2;
  private static final int MIN_RELEASE_SEQUENCE = 3;
  private static final int TRUST_BUNDLE_VERSION = 4;
  private static final int SERVER_TIME = 5;
  private static final int SHA256 = 2;

  /** The year 9999. */
  private static final long LATEST_SECOND = 253_402_300_799L;

  /** Names are ASCII, so that their bytes sort as their characters. */
  private static final Comparator<String> DETERMINISTIC =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private SealedSettings() {}

  /** The body of an answer to {@code GET s}. The time loses what is below a second. */
  public static byte[] encode(SettingsAnswer answer) {
    var out = new CborWriter().map(SERVER_TIME).unsigned(VERSION).unsigned(answer.version());
    var values = new TreeMap<String, Scalar>(DETERMINISTIC);
    values.putAll(answer.settings().values());
    out.unsigned(SETTINGS).map(values.size());
    values.forEach((name, value) -> out.text(name).scalar(value));
    return end(out, answer.minReleaseSequence(), answer.trustBundleVersion(), answer.serverTime());
  }

  /** Reads the body of an answer to {@code GET s}. */
  public static SettingsAnswer decode(byte[] body) throws MalformedException {
    var in = new CborReader(body);
    keys(in, SERVER_TIME);
    long version = value(in, VERSION, "version");
    key(in, SETTINGS, "settings");
    Settings settings = settings(in);
    ReleaseNotice rest = rest(in);
    return new SettingsAnswer(
        version, settings, rest.minReleaseSequence(), rest.trustBundleVersion(), rest.serverTime());
  }

  private static Settings settings(CborReader in) throws MalformedException {
    var values = new TreeMap<String, Scalar>();
    for (int pairs = in.map("settings"); pairs > 0; pairs--) {
      String name = in.text("settings");
      if (values.put(name, in.scalar("settings")) != null) {
        throw new MalformedException("settings", "expected each name once");
      }
    }
    return Settings.of(values);
  }

  /** The body of an answer to {@code GET t}. The time loses what is below a second. */
  public static byte[] encode(ReleaseNotice notice) {
    return end(
        new CborWriter().map(3),
        notice.minReleaseSequence(),
        notice.trustBundleVersion(),
        notice.serverTime());
  }

  /** Reads the body of an answer to {@code GET t}. */
  public static ReleaseNotice decodeNotice(byte[] body) throws MalformedException {
    var in = new CborReader(body);
    keys(in, 3);
    return rest(in);
  }

  private static byte[] end(CborWriter out, long release, long trust, Instant serverTime) {
    return out.unsigned(MIN_RELEASE_SEQUENCE)
        .unsigned(release)
        .unsigned(TRUST_BUNDLE_VERSION)
        .unsigned(trust)
        .unsigned(SERVER_TIME)
        .unsigned(serverTime.getEpochSecond())
        .toByteArray();
  }

  private static ReleaseNotice rest(CborReader in) throws MalformedException {
    long release = value(in, MIN_RELEASE_SEQUENCE, "minReleaseSequence");
    long trust = value(in, TRUST_BUNDLE_VERSION, "trustBundleVersion");
    long seconds = value(in, SERVER_TIME, "serverTime");
    in.end();
    if (seconds > LATEST_SECOND) {
      throw new MalformedException("serverTime", "expected seconds up to the year 9999");
    }
    return new ReleaseNotice(release, trust, Instant.ofEpochSecond(seconds));
  }

  /** The body of {@code POST a}. */
  public static byte[] encode(SettingsReceipt receipt) {
    return new CborWriter()
        .map(2)
        .unsigned(VERSION)
        .unsigned(receipt.version())
        .unsigned(SHA256)
        .bytes(receipt.sha256().bytes())
        .toByteArray();
  }

  /** Reads the body of {@code POST a}. */
  public static SettingsReceipt decodeReceipt(byte[] body) throws MalformedException {
    var in = new CborReader(body);
    keys(in, 2);
    long version = value(in, VERSION, "version");
    key(in, SHA256, "sha256");
    byte[] digest = in.bytes("sha256", Sha256.BYTES);
    in.end();
    if (digest.length != Sha256.BYTES) {
      throw new MalformedException("sha256", "expected 32 bytes, got " + digest.length);
    }
    return new SettingsReceipt(version, Sha256.wrap(digest));
  }

  private static void keys(CborReader in, int expected) throws MalformedException {
    if (in.map("body") != expected) {
      throw new MalformedException("body", "expected a map of " + expected + " keys");
    }
  }

  private static void key(CborReader in, int expected, String field) throws MalformedException {
    if (in.unsigned(field) != expected) {
      throw new MalformedException(field, "expected it under the key " + expected);
    }
  }

  private static long value(CborReader in, int key, String field) throws MalformedException {
    key(in, key, field);
    return in.unsigned(field);
  }
}
