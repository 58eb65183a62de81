// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Finds secrets that anyone makes who reads the serial on the device: the usual encodings, digests
 * and MACs of it. One with a key that nobody published cannot be found.
 */
final class SerialDerivation {
  private static final List<String> DIGESTS = List.of("MD5", "SHA-1", "SHA-256", "SHA-512");
  private static final List<String> MACS = List.of("HmacMD5", "HmacSHA1", "HmacSHA256");
  private static final List<String> USUAL_KEYS =
      List.of("key", "secret", "password", "admin", "default", "salt", "\0");

  /** Shorter serials are in many a text by accident. */
  private static final int MIN_SERIAL_CHARS = 5;

  /** Of a digest that was cut, so many characters are no accident. */
  private static final int MIN_DIGEST_CHARS = 16;

  private SerialDerivation() {}

  /** Whether the secret is or contains something that is made of the serial alone. */
  static boolean isDerived(byte[] secret, DeviceSerial serial) {
    var text = new String(secret, US_ASCII);
    String folded = text.toLowerCase(Locale.ROOT);
    for (String name : forms(serial.value())) {
      if (name.length() >= MIN_SERIAL_CHARS && containsEncoding(text, folded, name)) {
        return true;
      }
    }
    return forms(serial.value()).stream()
        .flatMap(name -> List.of(name, name + "\n").stream())
        .map(name -> name.getBytes(US_ASCII))
        .anyMatch(name -> isDigest(text, folded, name));
  }

  private static Set<String> forms(String serial) {
    var forms = new LinkedHashSet<String>();
    for (String form : List.of(serial, serial.replaceAll("[.-]", ""))) {
      forms.add(form);
      forms.add(form.toLowerCase(Locale.ROOT));
      forms.add(form.toUpperCase(Locale.ROOT));
    }
    return forms;
  }

  private static boolean containsEncoding(String text, String folded, String name) {
    byte[] bytes = name.getBytes(US_ASCII);
    String lower = name.toLowerCase(Locale.ROOT);
    return folded.contains(lower)
        || folded.contains(new StringBuilder(lower).reverse())
        || folded.contains(Hexadecimal.encode(bytes))
        || text.contains(Base64.getEncoder().withoutPadding().encodeToString(bytes));
  }

  private static boolean isDigest(String text, String folded, byte[] name) {
    try {
      for (String algorithm : DIGESTS) {
        if (shows(text, folded, MessageDigest.getInstance(algorithm).digest(name))) {
          return true;
        }
      }
      for (String algorithm : MACS) {
        if (shows(text, folded, mac(algorithm, name, name))) {
          return true;
        }
        for (String key : USUAL_KEYS) {
          if (shows(text, folded, mac(algorithm, key.getBytes(US_ASCII), name))) {
            return true;
          }
        }
      }
      return false;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has these digests", e);
    }
  }

  private static byte[] mac(String algorithm, byte[] key, byte[] data)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key, algorithm));
    return mac.doFinal(data);
  }

  /** The digest in hexadecimal or Base64, whole, cut, or with something around it. */
  private static boolean shows(String text, String folded, byte[] digest) {
    byte[] first = Arrays.copyOf(digest, MIN_DIGEST_CHARS / 4 * 3);
    return folded.contains(Hexadecimal.encode(digest).substring(0, MIN_DIGEST_CHARS))
        || text.contains(Base64.getEncoder().encodeToString(first))
        || text.contains(Base64.getUrlEncoder().encodeToString(first));
  }
}
