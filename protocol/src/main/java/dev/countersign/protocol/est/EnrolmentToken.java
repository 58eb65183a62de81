// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.est;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a device is given once, to enrol: the fingerprint of the root it shall trust and a secret
 * with which it shows that it was meant. {@code "cst1." root "." secret}, both Base64url without
 * padding; the whole is the password of HTTP Basic.
 *
 * <p><b>Security guarantees.</b> 256 random bits; good for one serial and one key; stored only as a
 * hash. The root's fingerprint lets the device verify the server before it says anything.
 */
public final class EnrolmentToken {
  private static final int SECRET_BYTES = 32;

  /** 43 characters of Base64url are 32 bytes. */
  private static final Pattern FORM =
      Pattern.compile("cst1\\.([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{43})");

  private final Sha256 rootFingerprint;
  private final byte[] secret;

  private EnrolmentToken(Sha256 rootFingerprint, byte[] secret) {
    this.rootFingerprint = rootFingerprint;
    this.secret = secret;
  }

  /** Makes a new token under this root. */
  public static EnrolmentToken generate(Sha256 rootFingerprint, SecureRandom random) {
    var secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new EnrolmentToken(rootFingerprint, secret);
  }

  /** Reads a token. The message never repeats it. */
  public static EnrolmentToken parse(String text) throws MalformedException {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new MalformedException(
          "token", "expected cst1.<43 characters>.<43 characters>, as 'device add' printed it");
    }
    var token =
        new EnrolmentToken(
            Sha256.wrap(Base64.getUrlDecoder().decode(part(matcher, 1))),
            Base64.getUrlDecoder().decode(part(matcher, 2)));
    // The last of 43 characters carries 4 bits, and Java's decoder passes over the other two.
    if (!token.encoded().equals(text)) {
      throw new MalformedException("token", "expected Base64url without stray bits");
    }
    return token;
  }

  private static String part(Matcher matcher, int group) {
    return Objects.requireNonNull(matcher.group(group));
  }

  /** The SHA-256 of the root certificate that the device shall trust. */
  public Sha256 rootFingerprint() {
    return rootFingerprint;
  }

  /** What is stored in place of the secret; 256 random bits need no salt and no stretching. */
  public Sha256 secretHash() {
    return Sha256.of(secret);
  }

  /** Whether this is the token behind a stored hash, in constant time. */
  public boolean matches(Sha256 storedHash) {
    return MessageDigest.isEqual(secretHash().bytes(), storedHash.bytes());
  }

  /** The token as it is handed over and sent. */
  public String text(SecretAccess access) {
    Objects.requireNonNull(access);
    return encoded();
  }

  private String encoded() {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return "cst1."
        + base64.encodeToString(rootFingerprint.bytes())
        + "."
        + base64.encodeToString(secret);
  }

  @Override
  public String toString() {
    return "EnrolmentToken[root=" + rootFingerprint.hex().substring(0, 16) + "…, secret hidden]";
  }
}
