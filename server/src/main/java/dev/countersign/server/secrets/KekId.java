// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import java.util.regex.Pattern;

/**
 * The public name of a key-encryption key: the first 8 bytes of a hash of it, as 16 hexadecimal
 * digits.
 */
public record KekId(String hex) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");

  public KekId {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("expected 16 hexadecimal digits, got '" + hex + "'");
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
