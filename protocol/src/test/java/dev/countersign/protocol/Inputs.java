// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** What property tests are fed with. */
@SuppressWarnings("exports") // jqwik is no part of the module, nor are tests
public final class Inputs {
  private static final int MAX_CHANGES = 4;

  private Inputs() {}

  /** Names of readings and settings. */
  public static Arbitrary<String> names() {
    Arbitrary<String> first = Arbitraries.strings().alpha().ofLength(1);
    Arbitrary<String> rest =
        Arbitraries.strings().alpha().numeric().withChars("_.-").ofMaxLength(63);
    return Combinators.combine(first, rest).as(String::concat);
  }

  /** Any value that is allowed, texts of every alphabet among them. */
  public static Arbitrary<Scalar> scalars() {
    return Arbitraries.oneOf(
        Arbitraries.doubles().map(Scalar.Numeric::new),
        Arbitraries.integers().map(Scalar.Numeric::new),
        Arbitraries.of(true, false).map(Scalar.Flag::new),
        Arbitraries.strings()
            .ofMaxLength(300)
            .filter(text -> UTF_8.newEncoder().canEncode(text))
            .map(Scalar.Text::new));
  }

  /** Valid texts with a few bytes changed, cut or doubled. */
  public static Arbitrary<byte[]> nearly(String... valid) {
    return nearly(Stream.of(valid).map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new));
  }

  /** Valid bytes with a few of them changed, cut or doubled. */
  public static Arbitrary<byte[]> nearly(byte[]... valid) {
    return Combinators.combine(
            Arbitraries.of(valid),
            Arbitraries.integers().between(0, 1 << 20).list().ofMaxSize(MAX_CHANGES),
            Arbitraries.bytes().list().ofSize(MAX_CHANGES))
        .as((bytes, places, values) -> {
          byte[] changed = bytes.clone();
          for (int i = 0; i < places.size() && changed.length > 0; i++) {
            int at = places.get(i) % changed.length;
            changed = changed(changed, at, values.get(i));
          }
          return changed;
        });
  }

  private static byte[] changed(byte[] bytes, int at, byte value) {
    byte[] changed;
    switch (value & 7) {
      case 0 -> changed = Arrays.copyOf(bytes, at);
      case 1 -> {
        changed = Arrays.copyOf(bytes, bytes.length + 1);
        System.arraycopy(bytes, at, changed, at + 1, bytes.length - at);
      }
      default -> {
        changed = bytes.clone();
        changed[at] = value;
      }
    }
    return changed;
  }
}
