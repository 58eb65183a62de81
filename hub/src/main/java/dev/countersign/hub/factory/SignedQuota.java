// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Pem;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The quota's file: its text, then the signature of the maker's root over that text. */
final class SignedQuota {
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "-----BEGIN SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SIGNATURE-----\n\\z");

  private SignedQuota() {}

  static byte[] sign(Quota quota, SigningKey root, SecureRandom random) {
    byte[] text = quota.encode();
    var file = new ByteArrayOutputStream();
    file.writeBytes(text);
    file.writeBytes(Pem.block("SIGNATURE", root.sign(text, random)).getBytes(US_ASCII));
    return file.toByteArray();
  }

  /**
   * Reads a quota that this root signed.
   *
   * @throws MalformedException if it is none, or anything in it was changed
   */
  static Quota verify(byte[] file, PublicKey root) throws MalformedException {
    String whole = new String(file, UTF_8);
    Matcher found = SIGNATURE.matcher(whole);
    if (!found.find()) {
      throw new MalformedException("quota", "expected a signature at its end");
    }
    byte[] text = whole.substring(0, found.start()).getBytes(UTF_8);
    if (!Arrays.equals(text, Arrays.copyOf(file, text.length))
        || !isSigned(text, signature(found.group(1)), root)) {
      throw new MalformedException("quota", "its text is not what the maker's root signed");
    }
    return Quota.decode(text);
  }

  private static byte[] signature(String base64) throws MalformedException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("quota", "expected Base64 in its signature", e);
    }
  }

  private static boolean isSigned(byte[] text, byte[] signature, PublicKey root) {
    try {
      // As SigningKey chooses it: the hash fits the curve (RFC 5480 §4).
      Signature verifier =
          Signature.getInstance(
              root instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() > 256
                  ? "SHA384withECDSA"
                  : root instanceof ECPublicKey ? "SHA256withECDSA" : "SHA256withRSA");
      verifier.initVerify(root);
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // not even a signature
    }
  }
}
