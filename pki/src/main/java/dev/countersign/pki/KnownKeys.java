// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.protocol.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keys whose private halves are published: in standards, test suites and demo programs. A device
 * with such a key can be impersonated by everyone who reads the same page.
 *
 * <p>The list holds digests of SubjectPublicKeyInfo, each with the place of publication; no key.
 */
final class KnownKeys {
  private static final String RESOURCE = "known-keys.txt";

  private final Map<Sha256, String> publishedAt;

  private KnownKeys(Map<Sha256, String> publishedAt) {
    this.publishedAt = Map.copyOf(publishedAt);
  }

  /** The list that comes with this version. */
  static KnownKeys load() {
    try (InputStream in = KnownKeys.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new AssertionError(RESOURCE + " is part of this module");
      }
      return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of 64 hexadecimal digits, a blank, and where it is published; # begins a comment. */
  private static KnownKeys read(BufferedReader lines) throws IOException {
    var found = new HashMap<Sha256, String>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int blank = line.indexOf(' ');
      if (blank < 0
          || found.put(Sha256.parseHex(line.substring(0, blank)), line.substring(blank + 1))
              != null) {
        throw new AssertionError("expected digest, blank, label, each digest once, got " + line);
      }
    }
    return new KnownKeys(found);
  }

  /** Where the private half of this key is published. */
  Optional<String> publishedAt(Sha256 keyHash) {
    return Optional.ofNullable(publishedAt.get(keyHash));
  }

  int size() {
    return publishedAt.size();
  }
}
