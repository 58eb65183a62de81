// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks for secrets in files of any size, in every form in which something might have written them:
 * as bytes in either order, in hexadecimal of either case, in Base64 of either alphabet at each of
 * the three places it may begin, broken into lines or not, each of these texts in one byte a
 * character or in two, as the strings of a Java heap are kept.
 */
final class SecretSearch {
  /** What is looked up at each byte of a file. */
  private static final int WINDOW = Long.BYTES;

  /** A bit for each possible value of so many bits of a window's hash: few bytes pass it. */
  private static final int FILTER_BITS = 16;

  @SuppressWarnings("ArrayRecordComponent") // made once, compared with nothing
  private record Form(String name, byte[] bytes) {}

  private final Map<Long, List<Form>> forms = new HashMap<>();
  private final long[] filter = new long[1 << FILTER_BITS >> 6];

  /** Looks for these bytes too. */
  SecretSearch add(String name, byte[] secret) {
    addForm(name + " as bytes", secret);
    addForm(name + " as reversed bytes", reversed(secret));
    addText(name + " in hex", HexFormat.of().formatHex(secret));
    addText(name + " in upper-case hex", HexFormat.of().withUpperCase().formatHex(secret));
    for (int before = 0; before < 3; before++) {
      addText(name + " in Base64", base64(Base64.getEncoder(), secret, before));
      addText(name + " in Base64url", base64(Base64.getUrlEncoder(), secret, before));
    }
    return this;
  }

  /** Looks for this text, in each form of the bytes that it has. */
  SecretSearch add(String name, String text) {
    addText(name, text);
    return add(name, text.getBytes(US_ASCII));
  }

  private void addText(String name, String text) {
    for (Charset charset : List.of(US_ASCII, UTF_16LE, UTF_16BE)) {
      addForm(name + " (" + charset + ")", text.getBytes(charset));
    }
  }

  private void addForm(String name, byte[] bytes) {
    if (bytes.length < 2 * WINDOW) {
      throw new IllegalArgumentException(name + " is so short that it is found by accident");
    }
    long window = ByteBuffer.wrap(bytes).getLong();
    forms.computeIfAbsent(window, w -> new ArrayList<>()).add(new Form(name, bytes));
    int bit = hash(window);
    filter[bit >> 6] |= 1L << (bit & 63);
  }

  /** The digits that depend on the secret alone, if so many bytes stand before it. */
  private static String base64(Base64.Encoder encoder, byte[] secret, int before) {
    byte[] padded = new byte[before + secret.length];
    System.arraycopy(secret, 0, padded, before, secret.length);
    int first = (before * Byte.SIZE + 5) / 6;
    return encoder.encodeToString(padded).substring(first, padded.length * Byte.SIZE / 6);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static int hash(long window) {
    return (int) ((window * 0x9e3779b97f4a7c15L) >>> (Long.SIZE - FILTER_BITS));
  }

  /** What is found in the files of these directories, and in these files. */
  Set<String> in(Path... places) throws IOException {
    var found = new TreeSet<String>();
    for (Path place : places) {
      try (Stream<Path> files = Files.walk(place)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          searchFile(file, found);
        }
      }
    }
    return found;
  }

  private void searchFile(Path file, Set<String> found) throws IOException {
    byte[] content = Files.readAllBytes(file);
    search(content, file, found);
    search(joined(content), file, found);
  }

  /** As one line: PEM and mail break Base64 anywhere. */
  private static byte[] joined(byte[] content) {
    byte[] joined = new byte[content.length];
    int length = 0;
    for (byte b : content) {
      if (b != '\n' && b != '\r') {
        joined[length++] = b;
      }
    }
    return Arrays.copyOf(joined, length);
  }

  private void search(byte[] content, Path file, Set<String> found) {
    long window = 0;
    for (int at = 0; at < content.length; at++) {
      window = (window << Byte.SIZE) | (content[at] & 0xff);
      int bit = hash(window);
      if ((filter[bit >> 6] & 1L << (bit & 63)) != 0) {
        for (Form form : forms.getOrDefault(window, List.of())) {
          int begin = at + 1 - WINDOW;
          if (begin >= 0 && startsWith(content, begin, form.bytes())) {
            found.add(form.name() + " in " + file.getFileName());
          }
        }
      }
    }
  }

  private static boolean startsWith(byte[] content, int at, byte[] bytes) {
    return at + bytes.length <= content.length
        && Arrays.equals(content, at, at + bytes.length, bytes, 0, bytes.length);
  }
}
