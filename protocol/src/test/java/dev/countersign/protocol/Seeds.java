// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** The inputs with which fuzz tests begin; property tests change them a little. */
public final class Seeds {
  private Seeds() {}

  /** The bytes of a seed, by its path below this package. */
  public static byte[] read(String name) throws IOException {
    try (InputStream in = Seeds.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name);
      }
      return in.readAllBytes();
    }
  }
}
