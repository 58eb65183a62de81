// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.bouncycastle.util.encoders.Base32;

/**
 * What the QR code of a hub says (docs/protocol.md, QR code of a hub): which hub, its key, and a
 * secret that shows that the phone has seen the code.
 *
 * <p><b>Security guarantees.</b> {@link #toString} shows neither the text nor the secret. The role
 * and the flags only tell the person; what counts is what the hub decided.
 */
public final class PairingCode {
  /** In a QR code's alphanumeric mode, version 5 with error correction M. */
  public static final int TEXT_CHARS = 100;

  private static final String PREFIX = "CS1:";
  private static final Pattern FORM = Pattern.compile("[Cc][Ss]1:[A-Za-z2-7]{96}");
  private static final byte VERSION = 1;
  private static final int BUTTON_FLAG = 0b1000;
  private static final int ROLE_SHIFT = 4;
  private static final int RESERVED = 0b1000_0000;
  private static final int CHECKED_BYTES = 58;
  private static final int BYTES = 60;

  /** Where the code stands. Exactly one of the flags b0 to b2. */
  public enum Place {
    PRINTED(0b001),
    SCREEN(0b010),
    INVITATION(0b100);

    private final int flag;

    Place(int flag) {
      this.flag = flag;
    }
  }

  private final Place place;
  private final boolean needsButton;
  private final Role role;
  private final HubId hub;
  private final PairingSecret secret;
  private final Sha256 hubKey;

  /**
   * A code.
   *
   * @param hubKey hash of the hub's SubjectPublicKeyInfo
   */
  public PairingCode(
      Place place, boolean needsButton, Role role, HubId hub, PairingSecret secret, Sha256 hubKey) {
    this.place = place;
    this.needsButton = needsButton;
    this.role = role;
    this.hub = hub;
    this.secret = secret;
    this.hubKey = hubKey;
  }

  /**
   * Reads the text of a code. Small letters and blanks around it are forgiven, since people paste.
   *
   * @throws MalformedException if it is none, or was read wrongly; never with its content
   */
  public static PairingCode parse(String text) throws MalformedException {
    String trimmed = text.trim();
    // Before the letters are made large: there are others that become S and I.
    if (!FORM.matcher(trimmed).matches()) {
      throw new MalformedException("code", "expected CS1: and 96 letters and digits");
    }
    String code = trimmed.toUpperCase(Locale.ROOT);
    // 96 characters are 60 bytes to the bit, so that no two texts are one code.
    byte[] bytes = Base32.decode(code.substring(PREFIX.length()));
    if (bytes[0] != VERSION) {
      throw new MalformedException("code", "expected version 1, got " + (bytes[0] & 0xff));
    }
    byte[] check = checksum(bytes);
    if (bytes[CHECKED_BYTES] != check[0] || bytes[CHECKED_BYTES + 1] != check[1]) {
      throw new MalformedException("code", "it was not read right: the checksum differs");
    }
    int flags = bytes[1] & 0xff;
    if ((flags & RESERVED) != 0) {
      throw new MalformedException("code", "a flag that version 1 does not have");
    }
    var fields = ByteBuffer.wrap(bytes, 2, CHECKED_BYTES - 2);
    return new PairingCode(
        placeOf(flags),
        (flags & BUTTON_FLAG) != 0,
        Role.ofCode(flags >> ROLE_SHIFT & 0b111),
        HubId.wrap(take(fields, HubId.BYTES)),
        PairingSecret.wrap(take(fields, PairingSecret.BYTES)),
        Sha256.wrap(take(fields, Sha256.BYTES)));
  }

  private static Place placeOf(int flags) throws MalformedException {
    for (Place place : Place.values()) {
      if ((flags & 0b111) == place.flag) {
        return place;
      }
    }
    throw new MalformedException("code", "expected one of printed, on screen, invitation");
  }

  private static byte[] take(ByteBuffer from, int count) {
    var bytes = new byte[count];
    from.get(bytes);
    return bytes;
  }

  /** For a hub that is read wrongly by a camera, or typed: no proof of anything. */
  private static byte[] checksum(byte[] bytes) {
    return Arrays.copyOf(Sha256.of(Arrays.copyOf(bytes, CHECKED_BYTES)).bytes(), 2);
  }

  /** The text that the QR code holds, with the secret in it. */
  public String text(SecretAccess access) {
    Objects.requireNonNull(access);
    var bytes = ByteBuffer.allocate(BYTES);
    bytes.put(VERSION);
    bytes.put((byte) (place.flag | (needsButton ? BUTTON_FLAG : 0) | role.code() << ROLE_SHIFT));
    bytes.put(hub.bytes()).put(secret.bytes(access)).put(hubKey.bytes());
    bytes.put(checksum(bytes.array()));
    return PREFIX + new String(Base32.encode(bytes.array()), US_ASCII);
  }

  public Place place() {
    return place;
  }

  /** Whether somebody must press the hub's button before it pairs. */
  public boolean needsButton() {
    return needsButton;
  }

  /** What the phone becomes, as the hub sees it now. */
  public Role role() {
    return role;
  }

  public HubId hub() {
    return hub;
  }

  public PairingSecret secret() {
    return secret;
  }

  /** The hash of the hub's SubjectPublicKeyInfo. */
  public Sha256 hubKey() {
    return hubKey;
  }

  @Override
  public String toString() {
    return "PairingCode[" + place + " of hub " + hub + ", secret hidden]";
  }
}
