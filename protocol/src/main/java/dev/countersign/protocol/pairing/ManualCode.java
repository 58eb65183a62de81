// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Objects;

/**
 * Ten digits that a person types where there is no camera: nine random ones and a check digit
 * (Verhoeff). Only 30 bits, which is why it proves itself by SPAKE2+ alone, on screen only, and is
 * new with each window.
 *
 * <p><b>Security guarantees.</b> {@link #toString} does not show it.
 */
public final class ManualCode {
  private final String digits;

  private ManualCode(String digits) {
    this.digits = digits;
  }

  /** A new one. */
  public static ManualCode random(SecureRandom random) {
    String nine = String.format(Locale.ROOT, "%09d", random.nextInt(1_000_000_000));
    return new ManualCode(nine + Verhoeff.digitFor(nine));
  }

  /** Reads what a person typed: blanks and hyphens are theirs. */
  public static ManualCode parse(String typed) throws MalformedException {
    String digits = typed.replaceAll("[ -]", "");
    if (!digits.matches("[0-9]{10}")) {
      throw new MalformedException("code", "expected 10 digits");
    }
    if (!Verhoeff.holds(digits)) {
      throw new MalformedException("code", "a digit is wrong, or two are swapped");
    }
    return new ManualCode(digits);
  }

  /** The ten digits. */
  public String digits(SecretAccess access) {
    Objects.requireNonNull(access);
    return digits;
  }

  @Override
  public String toString() {
    return "ManualCode[hidden]";
  }
}
